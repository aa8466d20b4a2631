import { UsageError } from '../model/errors.ts';

/** A range whose ends are included; no `most` means no upper end. */
export interface NumberRange {
  readonly least: number;
  readonly most?: number;
}

/**
 * A number in decimal or 0x hex, as BSD traceroute reads them and complains of them.
 * @param what - what the message calls the number
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
