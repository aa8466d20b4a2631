/** Help and hints, which yargs makes from the option table. Loaded only on demand. */
import yargs from 'yargs';
import { OPTION_GROUPS, type OptionGroup, type OptionTable } from './option-table.ts';
import { probeList } from './probe-list.ts';

const WIDTH = 100;

/** The rows in the order of their groups; yargs shows groups in the order in which it meets them. */
function byGroup(table: OptionTable<never>): OptionTable<never> {
  const order = Object.keys(OPTION_GROUPS) as OptionGroup[]; // keys() forgets the names
  return order.flatMap((group) => table.filter((row) => row.group === group));
}

/**
 * The help text of a command: its options in groups, under their headings.
 * @param operands - as the usage line has them: `host [packetlen]`
 */
export async function helpText(
  program: string,
  operands: string,
  table: OptionTable<never>,
): Promise<string> {
  const parser = yargs([])
    .scriptName(program)
    .usage(`Usage: $0 [options] ${operands}`)
    .help(false)
    .version(false)
    .wrap(WIDTH)
    .epilogue(probeList());
  for (const { group, letter, long, argument, choices, summary } of byGroup(table)) {
    const key = long ?? letter ?? '';
    parser.option(key, {
      group: `${OPTION_GROUPS[group]}:`,
      describe: argument === undefined ? summary : `${argument}: ${summary}`,
      ...(letter !== undefined && long !== undefined ? { alias: letter } : {}),
      ...(argument === undefined
        ? { type: 'boolean' as const }
        : { type: 'string' as const, requiresArg: true }),
      ...(choices === undefined ? {} : { choices }),
    });
  }
  return `${await parser.getHelp()}\n`;
}
