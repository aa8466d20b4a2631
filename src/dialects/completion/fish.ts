/** The completion script of fish. */
import type { OptionRow } from '../option-table.ts';
import { valuesOf, type Choice, type CommandLine, type Values } from './command-line.ts';
import { fishQuote } from './quote.ts';

function choiceText({ value, summary }: Choice): string {
  return summary === '' ? value : `${value}\\t${fishQuote(summary)}`;
}

/** Choices behind what stands before the last comma. */
function listOffer(choices: readonly Choice[]): string {
  return `(string replace -rf '^(--[^=]*=)?((.*,)?)[^,]*$' '$2' -- (commandline -ct)){${choices.map(({ value }) => value).join(',')}}`;
}

/** The argument of `complete -a`; undefined where there is nothing to offer, or where fish offers files by itself. */
function offer(values: Values): string | undefined {
  switch (values.from) {
    case 'choices':
      if (values.isList) return listOffer(values.choices);
      return values.choices.map(choiceText).join(' ');
    case 'interfaces':
      return '(__fish_print_interfaces)';
    case 'addresses':
      return '(__fish_print_addresses)';
    case 'hosts':
      return '(__fish_print_hostnames)';
    case 'services':
      return "(string match -rg '^([a-z]\\S*)\\s' </etc/services)";
    case 'files':
    case 'free':
      return undefined;
  }
}

function valueFlags(row: OptionRow<never>): string[] {
  if (row.argument === undefined) return [];
  const values = valuesOf(row);
  const offered = offer(values);
  return [
    values.from === 'files' ? '-r -F' : '-x',
    ...(offered === undefined ? [] : [`-a ${fishQuote(offered)}`]),
  ];
}

function optionLine(row: OptionRow<never>): string {
  const { letter, long, summary } = row;
  return [
    ...(letter === undefined ? [] : [`-s ${letter}`]),
    ...(long === undefined ? [] : [`-l ${long}`]),
    ...valueFlags(row),
    `-d ${fishQuote(summary)}`,
  ].join(' ');
}

/** Makes the script: one `complete` for each option, and one for each operand that has values. */
export function fishScript({ program, options, operands }: CommandLine): string {
  const offers = operands.flatMap(({ values }) => offer(values) ?? []);
  const lines = ['-f', ...offers.map((offered) => `-a ${fishQuote(offered)}`), ...options.map(optionLine)];
  return lines.map((line) => `complete -c ${fishQuote(program)} ${line}\n`).join('');
}
