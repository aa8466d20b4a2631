/** The long options that both commands share. */
import { UsageError } from '../model/errors.ts';
import type { OptionTable } from './option-table.ts';

/** What the common options collect. */
export interface CommonDraft {
  parallel?: number;
  ask?: 'help' | 'usage' | 'version';
}

/** Above this the window holds more probes than any path needs. */
const MAX_PARALLEL = 1024;

export const commonOptions: OptionTable<CommonDraft> = [
  {
    long: 'parallel',
    argument: 'N',
    summary: 'probes in flight at once, 1 to 1024: 1 sends, waits, sends (default 32)',
    apply: (draft, value, name) => {
      draft.parallel = wholeNumber(value, name, 1, MAX_PARALLEL);
    },
  },
  {
    long: 'help',
    summary: 'show this help',
    apply: (draft) => {
      draft.ask = 'help';
    },
  },
  {
    long: 'version',
    summary: 'show the version',
    apply: (draft) => {
      draft.ask = 'version';
    },
  },
];

/** The value of an option that has no traditional wording. @throws UsageError naming option, value and range */
export function wholeNumber(value: string, name: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${name} ${value}: expected a whole number from ${least} to ${most}`);
}
