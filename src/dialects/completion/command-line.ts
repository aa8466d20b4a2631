/** What a command line may hold, and where a shell finds the values: what the scripts are made from. */
import { probeTypes } from '../../../probes/index.ts';
import type { OptionRow, OptionTable } from '../option-table.ts';

/** A command as its completion sees it. */
export interface CommandLine {
  /** The name it is called by. */
  readonly program: string;
  readonly options: OptionTable<never>;
  /** In their order. */
  readonly operands: readonly Operand[];
}

export interface Operand {
  readonly name: string;
  readonly values: Values;
}

/** One value to choose, and one line on it, which may be ''. */
export interface Choice {
  readonly value: string;
  readonly summary: string;
}

/** What a shell can offer for a value; for `free` it has nothing. */
export type Values =
  | { readonly from: 'choices'; readonly choices: readonly Choice[] }
  | { readonly from: 'interfaces' | 'addresses' | 'hosts' | 'services' | 'files' | 'free' };

const probeChoices: Values = {
  from: 'choices',
  choices: probeTypes
    .filter(({ name }) => name !== 'generic')
    .map(({ name, summary }) => ({ value: name, summary })),
};

/** By what help calls the value. */
const VALUES: ReadonlyMap<string, Values> = new Map<string, Values>([
  ['proto', probeChoices],
  ['iface', { from: 'interfaces' }],
  ['interface', { from: 'interfaces' }],
  ['src_addr', { from: 'addresses' }],
  ['host', { from: 'hosts' }],
  ['gateway', { from: 'hosts' }],
  ['as_server', { from: 'hosts' }],
  ['destination port', { from: 'services' }],
  ['FILE', { from: 'files' }],
]);

function valuesNamed(name: string): Values {
  return VALUES.get(name) ?? { from: 'free' };
}

/** What there is for the value of an option that takes one. */
export function valuesOf({ argument = '', choices }: OptionRow<never>): Values {
  if (!choices) return valuesNamed(argument);
  return { from: 'choices', choices: choices.map((value) => ({ value, summary: '' })) };
}

/** Reads operands as a usage line has them: `host [destination port] [length]`. */
export function operandsOf(usage: string): Operand[] {
  const names = [...usage.matchAll(/\[([^\]]+)\]|(\S+)/g)].map(
    ([, optional, required]) => optional ?? required,
  );
  return names.map((name = '') => ({ name, values: valuesNamed(name) }));
}

/** How an option may be written, each with its dashes. */
export function spellings({ letter, long }: Pick<OptionRow<never>, 'letter' | 'long'>): string[] {
  return [...(letter === undefined ? [] : [`-${letter}`]), ...(long === undefined ? [] : [`--${long}`])];
}

/** A name for the function that completes `program`: it may hold what shells allow there, and is nobody else's. */
export function functionName(program: string): string {
  return `_polytrace_${program.replace(/[^A-Za-z0-9]/g, '_')}`;
}
