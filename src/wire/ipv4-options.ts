/** IPv4 options that a probe may carry. RFC 791 section 3.1. */
import { concat } from './bytes.ts';

const NO_OPERATION = 1;
const LOOSE_SOURCE_ROUTE = 131;
/** The pointer counts from the option's first octet, so the first address is at 4. */
const FIRST_ADDRESS_POINTER = 4;

/**
 * A loose source and record route over `addresses` (4 octets each), after a no-operation that aligns them.
 * The addresses are those still to be visited: the header's destination is the first gateway, and the
 * last address here the real destination.
 */
export function encodeLooseSourceRoute(addresses: readonly Uint8Array[]): Uint8Array {
  const length = 3 + addresses.length * 4;
  const head = Uint8Array.of(NO_OPERATION, LOOSE_SOURCE_ROUTE, length, FIRST_ADDRESS_POINTER);
  return concat(head, ...addresses);
}
