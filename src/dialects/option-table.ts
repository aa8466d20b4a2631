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

/** An option that takes no value. `name` is as the user writes it: `-n`, `--json`. */
export function flag<Draft>(name: string, summary: string, apply: (draft: Draft) => void): OptionRow<Draft> {
  return { ...named(name), summary, apply };
}

/** An option that takes a value, which help calls `argument`. */
export function valued<Draft>(
  name: string,
  argument: string,
  summary: string,
  apply: OptionRow<Draft>['apply'],
): OptionRow<Draft> {
  return { ...named(name), argument, summary, apply };
}

function named(name: string): Pick<OptionRow<never>, 'letter' | 'long'> {
  return name.startsWith('--') ? { long: name.slice(2) } : { letter: name.slice(1) };
}
