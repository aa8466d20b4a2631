/** The one description of a command's options: the argument reader, help and completion are made from it. */

/** One option. `Draft` is what the dialect collects the user's wishes in. */
export interface OptionRow<Draft> {
  /** One character: `-n`. */
  readonly letter?: string;
  /** Without its dashes: `parallel`. */
  readonly long?: string;
  /** What help calls the value, for an option that takes one. */
  readonly argument?: string;
  /** The values there are to choose from, where they can be listed. */
  readonly choices?: readonly string[];
  /** One line, no full stop. */
  readonly summary: string;
  /** Notes the option. `value` is '' where the option takes none. @throws UsageError on a bad value */
  apply(draft: Draft, value: string, name: string): void;
}

export type OptionTable<Draft> = readonly OptionRow<Draft>[];

/** How the option is written: `-n`, `--parallel`. */
export function optionName(row: Pick<OptionRow<never>, 'letter' | 'long'>): string {
  return row.long === undefined ? `-${row.letter ?? ''}` : `--${row.long}`;
}
