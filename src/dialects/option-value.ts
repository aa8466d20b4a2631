/** Reads the values of long options, which have no traditional wording. */
import { UsageError } from '../model/errors.ts';

/**
 * A whole number in decimal.
 * @param name - the option, for the message
 * @param least, most - the range, ends included; at most nine digits
 * @throws UsageError naming option, value and range
 */
export function wholeNumber(value: string, name: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${name} ${value}: expected a whole number from ${least} to ${most}`);
}

/**
 * One of a few words.
 * @param name - the option, for the message
 * @throws UsageError listing the words
 */
export function oneOf<Word extends string>(value: string, name: string, words: readonly Word[]): Word {
  const word = words.find((known) => known === value);
  if (word !== undefined) return word;
  throw new UsageError(`${name} ${value}: expected one of ${words.join(', ')}`);
}

/**
 * A list of a few words, in the user's order.
 * @param name - the option, for the message
 * @throws UsageError listing the words, where one is unknown, missing or given twice
 */
export function wordList<Word extends string>(
  value: string,
  name: string,
  words: readonly Word[],
): readonly Word[] {
  const list: Word[] = [];
  for (const text of value.split(',')) {
    const wanted = text.trim().toLowerCase();
    const word = words.find((known) => known === wanted);
    if (word === undefined || list.includes(word)) {
      const why = wanted === '' ? 'a word is missing' : `${wanted} is ${word ? 'there twice' : 'unknown'}`;
      throw new UsageError(
        `${name} ${value}: ${why} (one or more of ${words.join(', ')}, with commas between)`,
      );
    }
    list.push(word);
  }
  return list;
}
