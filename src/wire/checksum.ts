/** The Internet checksum. RFC 1071. */

/** Adds the first `length` octets as 16-bit words to `sum`; an odd last octet is padded with zero. */
function addWords(sum: number, bytes: Uint8Array, length: number): number {
  const even = length & ~1;
  for (let offset = 0; offset < even; offset += 2) {
    sum += ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
  }
  return length > even ? sum + ((bytes[even] ?? 0) << 8) : sum;
}

/** The ones' complement of `sum` with its carries folded in. Exact below 2^32, which 128 KiB do not exceed. */
function complement(sum: number): number {
  const folded = (sum >>> 16) + (sum & 0xffff);
  return ~((folded >>> 16) + folded) & 0xffff;
}

/**
 * The checksum of `bytes`. Its checksum field is zero beforehand; where the field is filled and right, the result is 0.
 * @param length - the octets that count, from the first on; at most 65535
 */
export function internetChecksum(bytes: Uint8Array, length: number = bytes.length): number {
  return complement(addWords(0, bytes, length));
}

/**
 * The checksum that a box writes which has changed words under it and knows no others. RFC 1624 section 3.
 * @param before - the words as they were; whole words, like `after`
 */
export function updatedChecksum(checksum: number, before: Uint8Array, after: Uint8Array): number {
  // ones' complement: to subtract a word is to add its complement
  const left = addWords(~checksum & 0xffff, after, after.length) + 0xffff * (before.length / 2);
  return complement(left - addWords(0, before, before.length));
}

/** The two addresses of a datagram, in octets: 4 each for IPv4, 16 each for IPv6. */
export interface AddressPair {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

/**
 * The checksum of a transport segment with its pseudo-header. The pseudo-headers of IPv4 (RFC 9293 section 3.1) and IPv6
 * (RFC 8200 section 8.1) hold the same words besides zeros, so one function serves both.
 * @param segment - at most 65535 octets
 * @param covered - the octets of the segment that count: all but in UDP-Lite (RFC 3828 section 3.1)
 */
export function transportChecksum(
  endpoints: AddressPair,
  protocol: number,
  segment: Uint8Array,
  covered: number = segment.length,
): number {
  const { source, destination } = endpoints;
  let sum = protocol + segment.length;
  sum = addWords(sum, source, source.length);
  sum = addWords(sum, destination, destination.length);
  return complement(addWords(sum, segment, covered));
}
