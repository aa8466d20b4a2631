/** The completion script of zsh. The user sources it after compinit, or puts it into a directory of `fpath`. */
import type { OptionRow } from '../option-table.ts';
import {
  functionName,
  spellings,
  valuesOf,
  type Choice,
  type CommandLine,
  type Values,
} from './command-line.ts';
import { shellQuote } from './quote.ts';

/** `text` for a place where a colon would end it. */
function withoutColons(text: string): string {
  return text.replace(/[\\:]/g, String.raw`\$&`);
}

function choiceText({ value, summary }: Choice): string {
  return summary === '' ? value : `${value}\\:${shellQuote(withoutColons(summary))}`;
}

/** Offers choices behind each comma. */
function listAction(choices: readonly Choice[]): string {
  return `_sequence -s , compadd - ${choices.map(({ value }) => withoutColons(value)).join(' ')}`;
}

/** The action of `_arguments` that offers the values. */
function action(values: Values): string {
  switch (values.from) {
    case 'choices':
      if (values.isList) return listAction(values.choices);
      return values.choices.every(({ summary }) => summary === '')
        ? `(${values.choices.map(choiceText).join(' ')})`
        : `((${values.choices.map(choiceText).join(' ')}))`;
    case 'interfaces':
      return '_net_interfaces';
    case 'addresses':
      return '_bind_addresses';
    case 'hosts':
      return '_hosts';
    case 'services':
      return '_ports';
    case 'files':
      return '_files';
    case 'free':
      return ' ';
  }
}

/** One specification for each spelling. An option that takes a value may come again: the last one counts, or all do. */
function specifications(row: OptionRow<never>): string[] {
  const { argument, summary } = row;
  const explanation = `[${summary.replace(/[\\[\]]/g, String.raw`\$&`)}]`;
  return spellings(row).map((spelling) => {
    if (argument === undefined) return spelling + explanation;
    const attach = spelling.startsWith('--') ? '=' : '+';
    return `*${spelling}${attach}${explanation}:${withoutColons(argument)}:${action(valuesOf(row))}`;
  });
}

/** Makes the script: one function, and its registration. */
export function zshScript({ program, options, operands }: CommandLine): string {
  const name = functionName(program);
  const specs = [
    ...options.flatMap(specifications),
    ...operands.map(
      (operand, index) => `${index + 1}:${withoutColons(operand.name)}:${action(operand.values)}`,
    ),
  ];
  return `#compdef ${program}

${name}() {
  _arguments -s -S : \\
${specs.map((spec) => `    ${shellQuote(spec)}`).join(' \\\n')}
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  ${name} "$@"
else
  compdef ${name} ${shellQuote(program)}
fi
`;
}
