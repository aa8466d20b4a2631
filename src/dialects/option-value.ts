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
