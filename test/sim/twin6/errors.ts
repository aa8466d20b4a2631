/** ICMPv6 errors in place of ICMP's. */

/** ICMPv6 types. RFC 4443 sections 3 and 4. */
const UNREACHABLE = 1;
/** RFC 4443 section 3.3. */
export const TIME_EXCEEDED = 3;
const PARAMETER_PROBLEM = 4;

/** An ICMPv6 error, and the letters by which a line of output shows it. */
export interface Error6 {
  readonly error6: readonly [type: number, code: number];
  readonly letters: string;
}
const NO_ROUTE: Error6 = { error6: [UNREACHABLE, 0], letters: ' !N' };
const PROHIBITED: Error6 = { error6: [UNREACHABLE, 1], letters: ' !X' };
const PORT: Error6 = { error6: [UNREACHABLE, 4], letters: ' !p' };
/** Translators turn the codes of destination unreachable into these; those left out become no route. RFC 7915 section 4.2. */
const ERRORS: Readonly<Record<number, Error6>> = {
  2: { error6: [PARAMETER_PROBLEM, 1], letters: ' !P' },
  3: PORT,
  9: PROHIBITED,
  10: PROHIBITED,
  13: PROHIBITED,
  15: PROHIBITED,
};

/** Translates a code of destination unreachable. */
export function errorOf(code: number): Error6 {
  return ERRORS[code] ?? NO_ROUTE;
}
