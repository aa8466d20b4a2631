/** Colours of verdicts. */
import type { VerdictState } from '../../verdict/verdict.ts';

/** Colours a text by a state, or leaves it as it is. */
export type Paint = (text: string, state: VerdictState | undefined) => string;

/** Parameters of foreground colours. ECMA-48 section 8.3.117. */
const SGR = { red: 31, green: 32, yellow: 33 } as const;
const COLOURS: Readonly<Partial<Record<VerdictState, keyof typeof SGR>>> = {
  open: 'green',
  reached: 'green',
  dropped: 'red',
  rejected: 'red',
  'blocked here': 'red',
  silent: 'yellow',
};

/** Leaves every text as it is. */
export const plain: Paint = (text) => text;

/** Colours by state with SGR sequences. */
export const coloured: Paint = (text, state) => {
  const colour = state && COLOURS[state];
  return colour ? `\u001b[${SGR[colour]}m${text}\u001b[39m` : text;
};
