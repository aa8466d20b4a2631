/** The one description of a command's options. The argument reader, help and completion are made from it. */

/** The groups of options, in the order of help, and what help calls them. */
export const OPTION_GROUPS = {
  sending: 'Sending',
  path: 'Path',
  timing: 'Timing',
  names: 'Names and AS numbers',
  output: 'Output',
  matrix: 'Matrix',
  help: 'Help',
} as const;

/** What an option is for. */
export type OptionGroup = keyof typeof OPTION_GROUPS;

/** An option as the user sees it. */
export interface OptionText {
  /** One character: `-n`. */
  readonly letter?: string;
  /** Without its dashes: `parallel`. */
  readonly long?: string;
  /** What help calls the value, for an option that takes one. */
  readonly argument?: string;
  /** All values there are, where they can be listed. */
  readonly choices?: readonly string[];
  /** One line, no full stop. */
  readonly summary: string;
}

/** An option and its effect. `Draft` is where the dialect collects the user's wishes. */
export interface Option<Draft> extends OptionText {
  /**
   * Notes the option in the draft.
   * @param value - '' where the option takes none
   * @param name - as the user wrote it, for messages
   * @throws UsageError on a bad value
   */
  apply(draft: Draft, value: string, name: string): void;
}

/** An option in its group. */
export interface OptionRow<Draft> extends Option<Draft> {
  readonly group: OptionGroup;
}

/** All options of a command. */
export type OptionTable<Draft> = readonly OptionRow<Draft>[];

/** The options as rows of one group. */
export function inGroup<Draft>(group: OptionGroup, ...options: readonly Option<Draft>[]): OptionTable<Draft> {
  return options.map((option) => ({ ...option, group }));
}

/** The option as the user writes it: `-n`, `--parallel`. */
export function optionName({ letter, long }: Pick<OptionText, 'letter' | 'long'>): string {
  return long === undefined ? `-${letter ?? ''}` : `--${long}`;
}

/** An option that takes no value. `name` is as the user writes it: `-n`, `--json`. */
export function flag<Draft>(name: string, summary: string, apply: (draft: Draft) => void): Option<Draft> {
  return name.startsWith('--')
    ? { long: name.slice(2), summary, apply }
    : { letter: name.slice(1), summary, apply };
}

/** An option that takes a value, which help calls `argument`. */
export function valued<Draft>(
  name: string,
  argument: string,
  summary: string,
  apply: Option<Draft>['apply'],
): Option<Draft> {
  return name.startsWith('--')
    ? { long: name.slice(2), argument, summary, apply }
    : { letter: name.slice(1), argument, summary, apply };
}
