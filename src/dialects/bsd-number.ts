/** Numbers as BSD traceroute(8) reads them. */
import { UsageError } from '../model/errors.ts';

/** A range, ends included. Without `most` it has no upper end. */
export interface NumberRange {
  readonly least: number;
  readonly most?: number;
  /** Takes fractions too: above `least` - 1 where whole numbers begin with `least`, if that is not 0. */
  readonly fractions?: boolean;
}

const WHOLE = /^(0x[0-9a-f]+|[+-]?\d+)$/i;
const FRACTION = /^[+-]?(\d+\.\d*|\.\d+)$/;

/**
 * Reads a number in decimal, or in hexadecimal after 0x.
 * @param what - the number's name in messages
 * @throws UsageError in the original's words
 */
export function bsdNumber(text: string, what: string, range: NumberRange): number {
  const { least, most, fractions = false } = range;
  if (!isNumber(text, fractions)) throw new UsageError(`"${text}" bad value for ${what}`);
  const value = Number(text);
  if (fractions && least > 0 ? value <= least - 1 : value < least) {
    throw new UsageError(`${what} must be ${least === 0 ? '>= 0' : `> ${least - 1}`}`);
  }
  if (most !== undefined && value > most) throw new UsageError(`${what} must be <= ${most}`);
  return value;
}

function isNumber(text: string, fractions: boolean): boolean {
  return WHOLE.test(text) || (fractions && FRACTION.test(text));
}
