/** A command line as completion sees it: its options, its operands, and where a shell finds their values. */
import { anyProtocol, probeTypes } from '../../../probes/index.ts';
import { DEFAULT } from '../specification/matrix-spec.ts';
import type { OptionRow, OptionTable } from '../option-table.ts';

/** All that a completion script is made from. */
export interface CommandLine {
  /** The name by which the command is called. */
  readonly program: string;
  readonly options: OptionTable<never>;
  /** In their order. */
  readonly operands: readonly Operand[];
}

/** An operand, by the name that the usage line gives it. */
export interface Operand {
  readonly name: string;
  readonly values: Values;
}

/** A value to choose, and one line about it, which may be ''. */
export interface Choice {
  readonly value: string;
  readonly summary: string;
}

/** The source of the values that a shell offers; for `free` it has none. */
export type Values =
  | {
      readonly from: 'choices';
      readonly choices: readonly Choice[];
      /** True: several may be given, separated by commas. */
      readonly isList?: boolean;
    }
  | { readonly from: 'interfaces' | 'addresses' | 'hosts' | 'services' | 'files' | 'free' };

const probeChoices = {
  from: 'choices',
  choices: probeTypes
    .filter((type) => type !== anyProtocol)
    .map(({ name, summary }) => ({ value: name, summary })),
} as const satisfies Values;

/** Specifications that show what a port and a flag look like. */
const MATRIX_EXAMPLES = ['udp/53', 'tcp/80', 'tcp/443', 'tcp/443:ack'];

/** What --matrix lists, separated by commas; `/PORT` and flags may follow. */
const matrixChoices: Values = {
  from: 'choices',
  isList: true,
  choices: [
    { value: DEFAULT, summary: 'the usual six' },
    ...probeChoices.choices,
    ...MATRIX_EXAMPLES.map((value) => ({ value, summary: '' })),
  ],
};

/** Sources by the name that help gives the value. */
const VALUES: ReadonlyMap<string, Values> = new Map<string, Values>([
  ['proto', probeChoices],
  ['SPEC,...', matrixChoices],
  ['iface', { from: 'interfaces' }],
  ['interface', { from: 'interfaces' }],
  ['src_addr', { from: 'addresses' }],
  ['host', { from: 'hosts' }],
  ['gateway', { from: 'hosts' }],
  ['as_server', { from: 'hosts' }],
  ['destination port', { from: 'services' }],
  ['FILE', { from: 'files' }],
]);

/** How help calls a value of which several may be given, separated by commas. */
const LIST = ',...';

function valuesNamed(name: string): Values {
  return VALUES.get(name) ?? { from: 'free' };
}

/** The source of values for an option that takes one. */
export function valuesOf({ argument = '', choices }: OptionRow<never>): Values {
  if (!choices) return valuesNamed(argument);
  const isList = argument.endsWith(LIST);
  return { from: 'choices', choices: choices.map((value) => ({ value, summary: '' })), isList };
}

/** Reads operands as a usage line has them: `host [destination port] [length]`. */
export function operandsOf(usage: string): Operand[] {
  const names = [...usage.matchAll(/\[([^\]]+)\]|(\S+)/g)].map(
    ([, optional, required]) => optional ?? required,
  );
  return names.map((name = '') => ({ name, values: valuesNamed(name) }));
}

/** All spellings of an option, each with its dashes. */
export function spellings({ letter, long }: Pick<OptionRow<never>, 'letter' | 'long'>): string[] {
  return [...(letter === undefined ? [] : [`-${letter}`]), ...(long === undefined ? [] : [`--${long}`])];
}

/** The name of the function that completes `program`. Shells allow its characters, and no other program uses it. */
export function functionName(program: string): string {
  return `_polytrace_${program.replace(/[^A-Za-z0-9]/g, '_')}`;
}
