/** Encodes the IPv4 options that a probe may carry. RFC 791 section 3.1. */
import { concat } from './bytes.ts';

const NO_OPERATION = 1;
const LOOSE_SOURCE_ROUTE = 131;
/** The pointer counts from the option's first octet, so the first address is at 4. */
const FIRST_ADDRESS_POINTER = 4;

/**
 * Encodes a loose source and record route, after a no-operation that aligns its addresses.
 * @param addresses - what is still to be visited, 4 octets each: the header's destination is the first gateway, the last
 * address here is the target
 */
export function encodeLooseSourceRoute(addresses: readonly Uint8Array[]): Uint8Array {
  const length = 3 + addresses.length * 4;
  const head = Uint8Array.of(NO_OPERATION, LOOSE_SOURCE_ROUTE, length, FIRST_ADDRESS_POINTER);
  return concat(head, ...addresses);
}
