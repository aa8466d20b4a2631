/** The form that protocols(5) and services(5) share: a name, a number, perhaps a protocol, then aliases. */
import { readFileSync } from 'node:fs';

export interface NumberLine {
  readonly names: readonly string[];
  readonly number: number;
  /** What follows the number after a slash: `tcp`. */
  readonly protocol?: string;
}

/** Ports have 16 bits. */
const MOST = 0xffff;

/** The entries of such a text, in order; lines of another form are passed over. */
export function parseNumberFile(text: string): NumberLine[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', number = '', ...aliases] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/);
    const match = /^(\d{1,5})(?:\/(\S+))?$/.exec(number);
    if (!match) return [];
    const [, digits, protocol] = match;
    if (Number(digits) > MOST) return [];
    return [
      { names: [name, ...aliases], number: Number(digits), ...(protocol === undefined ? {} : { protocol }) },
    ];
  });
}

/** The entries of a file; none where there is no such file. */
export function readNumberFile(file: string): NumberLine[] {
  try {
    return parseNumberFile(readFileSync(file, 'utf8'));
  } catch {
    return []; // absent on some systems: the callers have lists of their own
  }
}
