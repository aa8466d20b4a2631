/** What to say of an option that does not exist: what was meant, or what does the same here. Loaded only on demand. */
import { optionName, type OptionTable } from './option-table.ts';
import { otherTools, type Counterparts } from './other-tools.ts';

/** Ends a hint that cannot name the option. */
const ALL = '--help lists all options';

/**
 * What to say of an option that does not exist.
 * @param unknown - with its dashes, as the user wrote it
 */
export function hint(unknown: string, command: keyof typeof otherTools, table: OptionTable<never>): string {
  const known: Counterparts = otherTools[command];
  if (!unknown.startsWith('--')) return `${known.get(unknown.slice(1)) ?? 'no such option'} (${ALL})`;
  const counterpart = known.get(unknown.slice(2).toLowerCase());
  if (counterpart !== undefined) return `(${counterpart}; ${ALL})`;
  const meant = didYouMean(unknown, table);
  return meant === undefined ? `(${ALL})` : `(did you mean ${meant}?)`;
}

/** The long option that the user probably meant; undefined when no single one comes near. */
export function didYouMean(unknown: string, table: OptionTable<never>): string | undefined {
  const typed = unknown.replace(/^--/, '').toLowerCase();
  const words = table.flatMap(({ long }) => (long === undefined ? [] : [long]));
  const begun = words.filter((word) => typed.length > 2 && word.startsWith(typed));
  if (begun.length === 1) return optionName({ long: begun[0] ?? '' });
  const near = words
    .map((word) => ({ word, distance: editDistance(typed, word) }))
    .filter(({ word, distance }) => distance <= mistakesIn(word))
    .sort((a, b) => a.distance - b.distance);
  return near[0] && optionName({ long: near[0].word });
}

/** As many slips as a word of this length may have: one, or two in a long one. */
function mistakesIn(word: string): number {
  return word.length < 6 ? 1 : 2;
}

/** Letters added, left out, changed, or swapped with their neighbour, to get from one word to the other. */
function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= from.length; row++) {
    rows[row] = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (same ? 0 : 1),
          swapped ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(from.length, to.length);
}
