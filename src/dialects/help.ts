/** Help and hints, which yargs makes from the option table. Loaded only on demand. */
import yargs from 'yargs';
import { OPTION_GROUPS, type OptionGroup, type OptionTable } from './option-table.ts';
import { probeList } from './probe-list.ts';

/** Columns of the text: those of the terminal, within these bounds. */
const WIDTH = { least: 40, most: 120, unknown: 100 } as const;

/** The rows in the order of their groups; yargs shows groups in the order in which it meets them. */
function byGroup(table: OptionTable<never>): OptionTable<never> {
  const order = Object.keys(OPTION_GROUPS) as OptionGroup[]; // keys() forgets the names
  return order.flatMap((group) => table.filter((row) => row.group === group));
}

/** What people come for, and the command line that gives it. */
type Example = readonly [options: string, purpose: string];

const EXAMPLES: Readonly<Record<'traceroute' | 'tcptraceroute', readonly Example[]>> = {
  traceroute: [
    ['shop.example', 'the path, by UDP'],
    ['-I -n shop.example', 'by ICMP echo, without names'],
    ['-P tcp -e -p 443 shop.example', 'by TCP to port 443, as a browser goes'],
    ['--matrix default shop.example', 'where do filters part the protocols?'],
  ],
  tcptraceroute: [
    ['shop.example', 'the path of TCP to port 80'],
    ['-n shop.example 443', 'to port 443, without names'],
    ['-A shop.example 25', 'by ACK, past stateless filters'],
    ['--matrix default shop.example', 'where do filters part the protocols?'],
  ],
};

/** Lines of the help that precede the options. */
function opening(command: keyof typeof EXAMPLES, operands: string): string {
  const width = Math.max(...EXAMPLES[command].map(([options]) => options.length)) + 2;
  const lines = EXAMPLES[command].map(([options, purpose]) => `  $0 ${options.padEnd(width)}${purpose}`);
  return [`Usage: $0 [options] ${operands}`, '', 'Examples:', ...lines].join('\n');
}

/** yargs writes `--w SECONDS`, and leaves room for a letter before it. */
function withLetters(text: string): string {
  return text.replace(/^ +--?([A-Za-z\d](?: [A-Z_]+)?)(?= )/gm, (all, option: string) =>
    `  -${option}`.padEnd(all.length),
  );
}

/**
 * The help text of a command: its options in groups, under their headings.
 * @param operands - as the usage line has them: `host [packetlen]`
 * @param columns - of the terminal; undefined where there is none
 */
export async function helpText(
  program: string,
  command: keyof typeof EXAMPLES,
  operands: string,
  table: OptionTable<never>,
  columns: number = WIDTH.unknown,
): Promise<string> {
  const width = Math.min(WIDTH.most, Math.max(WIDTH.least, columns));
  const parser = yargs([])
    .scriptName(program)
    .usage(opening(command, operands))
    .help(false)
    .version(false)
    .detectLocale(false) // it would read a file that the environment names
    .wrap(width)
    .epilogue(probeList(width));
  for (const { group, letter, long, argument, summary } of byGroup(table)) {
    const name = long ?? letter ?? '';
    const key = argument === undefined ? name : `${name} ${argument.toUpperCase()}`;
    parser.option(key, { group: `${OPTION_GROUPS[group]}:`, describe: summary });
  }
  return `${withLetters(await parser.getHelp())}\n`;
}
