/** `--completion SHELL`: which shells there are, and whether the arguments ask for one. */
import { readArguments } from '../getopt.ts';
import type { OptionTable } from '../option-table.ts';
import { oneOf } from '../option-value.ts';

export const completionShells = ['bash', 'zsh', 'fish'] as const;
export type CompletionShell = (typeof completionShells)[number];

/** The long name of the option. */
export const COMPLETION_OPTION = 'completion';

/** The shell of that name. @throws UsageError that lists them, when there is none */
export function completionShell(value: string, name: string): CompletionShell {
  return oneOf(value, name, completionShells);
}

/**
 * The shell whose script the arguments ask for, undefined when they ask for none. Whatever else they hold is left
 * unread, as it is with `--help`.
 * @throws UsageError when there is no such shell
 */
export function requestedShell(
  argv: readonly string[],
  table: OptionTable<never>,
): CompletionShell | undefined {
  for (const argument of readArguments(argv, table)) {
    if (argument.kind === 'option' && argument.row.long === COMPLETION_OPTION) {
      return completionShell(argument.value, argument.name);
    }
  }
  return undefined;
}
