/** The Internet checksum. RFC 1071. */

/** Adds the first `length` octets as 16-bit words to `sum`; an odd last octet is padded with zero. */
function addWords(sum: number, bytes: Uint8Array, length: number): number {
  const even = length & ~1;
  for (let offset = 0; offset < even; offset += 2) {
    sum += ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
  }
  return length > even ? sum + ((bytes[even] ?? 0) << 8) : sum;
}

/** The ones' complement of `sum` with its carries folded in. Exact for sums below 2^32, of 128 KiB and less. */
function complement(sum: number): number {
  const folded = (sum >>> 16) + (sum & 0xffff);
  return ~((folded >>> 16) + folded) & 0xffff;
}

/**
 * The checksum of `bytes` whose own checksum field is zero; 0 when the field is filled and right.
 * @param length - how many octets count, from the first on; at most 65535
 */
export function internetChecksum(bytes: Uint8Array, length: number = bytes.length): number {
  return complement(addWords(0, bytes, length));
}

/** The two addresses of a datagram, in octets: 4 each for IPv4, 16 each for IPv6. */
export interface AddressPair {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

/**
 * The checksum of a transport segment with its pseudo-header. That of IPv4 (RFC 9293 section 3.1) and that of
 * IPv6 (RFC 8200 section 8.1) hold the same words, save zeros, so the addresses' length decides.
 * @param segment - at most 65535 octets
 * @param covered - how many octets of the segment count: all, save in UDP-Lite (RFC 3828 section 3.1)
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
