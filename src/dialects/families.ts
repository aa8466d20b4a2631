import { familyOf, parseAddress, parseInetAddr, type Family } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';

/** The family that a command's own name asks for: `traceroute6` is `traceroute -6`. */
export function familyOfProgram(program: string): Family | undefined {
  return program.endsWith('6') ? 6 : undefined;
}

/**
 * The families that a trace to `host` may use: that of a literal, the one asked for, or both.
 * @throws UsageError when a literal is of another family than the one asked for
 */
export function familiesFor(host: string, asked: Family | undefined): readonly Family[] {
  const literal = parseAddress(host) ?? parseInetAddr(host);
  if (literal === undefined) return asked === undefined ? [6, 4] : [asked];
  const family = familyOf(literal);
  if (asked !== undefined && asked !== family) {
    throw new UsageError(`-${asked} ${host}: this is an IPv${family} address (leave -${asked} out)`);
  }
  return [family];
}
