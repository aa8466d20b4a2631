/** Numbers as BSD traceroute(8) reads them. */
import { UsageError } from '../model/errors.ts';

/** A range, ends included. Without `most` it has no upper end. */
export interface NumberRange {
  readonly least: number;
  readonly most?: number;
}

/**
 * Reads a number in decimal, or in hexadecimal after 0x.
 * @param what - the number's name in messages
 * @throws UsageError in the original's words
 */
export function bsdNumber(text: string, what: string, { least, most }: NumberRange): number {
  if (!/^(0x[0-9a-f]+|[+-]?\d+)$/i.test(text)) throw new UsageError(`"${text}" bad value for ${what}`);
  const value = Number(text);
  if (value < least) {
    throw new UsageError(`${what} must be ${least === 0 ? '>= 0' : `> ${least - 1}`}`);
  }
  if (most !== undefined && value > most) throw new UsageError(`${what} must be <= ${most}`);
  return value;
}
