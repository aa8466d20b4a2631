/** `--completion SHELL`: the shells it knows, and the search for it among the arguments. */
import { readArguments } from '../getopt.ts';
import type { OptionTable } from '../option-table.ts';
import { oneOf } from '../option-value.ts';

/** The shells that there are scripts for. */
export const completionShells = ['bash', 'zsh', 'fish'] as const;
/** A shell that there is a script for. */
export type CompletionShell = (typeof completionShells)[number];

/** The option, without its dashes. */
export const COMPLETION_OPTION = 'completion';

/** The shell of that name. @throws UsageError that lists all of them, when there is no such shell */
export function completionShell(value: string, name: string): CompletionShell {
  return oneOf(value, name, completionShells);
}

/**
 * The shell whose script the arguments ask for, or undefined. Other arguments are not read, as with `--help`.
 * @throws UsageError when there is no such shell
 */
export function requestedShell(
  argv: readonly string[],
  table: OptionTable<never>,
): CompletionShell | undefined {
  if (!argv.some((word) => word.startsWith(`--${COMPLETION_OPTION}`))) return undefined;
  for (const argument of readArguments(argv, table)) {
    if (argument.kind === 'option' && argument.row.long === COMPLETION_OPTION) {
      return completionShell(argument.value, argument.name);
    }
  }
  return undefined;
}
