/** The Internet checksum. RFC 1071. */
import { blank, concat } from './bytes.ts';

/** The ones' complement sum of `bytes` as 16-bit words; an odd last octet is padded with zero. */
function sumWords(bytes: Uint8Array, start: number): number {
  let sum = start;
  const even = bytes.length & ~1;
  for (let offset = 0; offset < even; offset += 2) {
    sum += ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
  }
  if (bytes.length > even) sum += (bytes[even] ?? 0) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
}

/** The checksum of `bytes` whose own checksum field is zero; 0 when the field is filled and right. */
export function internetChecksum(bytes: Uint8Array): number {
  return ~sumWords(bytes, 0) & 0xffff;
}

/**
 * The pseudo-header that UDP, TCP and ICMPv6 checksums cover, by the length of the addresses.
 * RFC 9293 section 3.1 for IPv4, RFC 8200 section 8.1 for IPv6.
 */
function pseudoHeader(endpoints: Endpoints, protocol: number, length: number): Uint8Array {
  const { source, destination } = endpoints;
  const isIpv4 = source.length === 4;
  const { bytes, view } = blank(isIpv4 ? 4 : 8);
  if (isIpv4) {
    view.setUint8(1, protocol);
    view.setUint16(2, length);
  } else {
    view.setUint32(0, length);
    view.setUint8(7, protocol);
  }
  return concat(source, destination, bytes);
}

/** The two addresses of a datagram, in octets: 4 each for IPv4, 16 each for IPv6. */
export interface Endpoints {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

/**
 * The checksum of a transport segment with its pseudo-header.
 * @param covered - how many octets of the segment count: all, save in UDP-Lite (RFC 3828 section 3.1)
 */
export function transportChecksum(
  endpoints: Endpoints,
  protocol: number,
  segment: Uint8Array,
  covered: number = segment.length,
): number {
  const start = sumWords(pseudoHeader(endpoints, protocol, segment.length), 0);
  return ~sumWords(segment.subarray(0, covered), start) & 0xffff;
}
