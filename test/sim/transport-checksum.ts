/** The checksums of the transports that have one, checked and filled in. */
import { internetChecksum, transportChecksum, type AddressPair } from '../../src/wire/checksum.ts';
import { crc32c } from '../../src/wire/crc32c.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import { TCP_CHECKSUM_OFFSET } from '../../src/wire/tcp.ts';
import { decodeUdp, UDP_CHECKSUM_OFFSET } from '../../src/wire/udp.ts';

const SCTP_CHECKSUM_OFFSET = 8;

/** Offset of the 16-bit checksum over the pseudo-header, by protocol. */
const OFFSET: Readonly<Record<number, number>> = {
  [IP_PROTOCOL.tcp]: TCP_CHECKSUM_OFFSET,
  [IP_PROTOCOL.udp]: UDP_CHECKSUM_OFFSET,
  [IP_PROTOCOL.udplite]: UDP_CHECKSUM_OFFSET,
  [IP_PROTOCOL.icmpv6]: 2,
};

/** A copy of `segment` with the checksum over the pseudo-header filled in, where the protocol has one. */
export function withChecksum(endpoints: AddressPair, protocol: number, segment: Uint8Array): Uint8Array {
  const filled = segment.slice();
  const offset = OFFSET[protocol];
  if (offset === undefined) return filled;
  filled.fill(0, offset, offset + 2);
  const sum = transportChecksum(endpoints, protocol, filled, coverage(protocol, segment));
  // RFC 768: a sum of zero is sent as all ones, for zero says that there is none
  const sent = sum === 0 && protocol !== IP_PROTOCOL.tcp ? 0xffff : sum;
  new DataView(filled.buffer).setUint16(offset, sent);
  return filled;
}

/** Whether the checksum is right; null where the protocol has none that is known here, or it is cut off. */
export function checksumIsRight(
  endpoints: AddressPair,
  protocol: number,
  segment: Uint8Array,
): boolean | null {
  if (protocol === IP_PROTOCOL.icmp) return internetChecksum(segment) === 0;
  if (protocol === IP_PROTOCOL.sctp) return sctpIsRight(segment);
  const offset = OFFSET[protocol];
  if (offset === undefined || segment.length < offset + 2) return null;
  const isUnsummed = segment[offset] === 0 && segment[offset + 1] === 0;
  // RFC 768: zero says that the sender made none; RFC 8200 section 8.1 forbids it in IPv6
  if (protocol === IP_PROTOCOL.udp && isUnsummed) return endpoints.source.length === 4;
  return transportChecksum(endpoints, protocol, segment, coverage(protocol, segment)) === 0;
}

function sctpIsRight(segment: Uint8Array): boolean | null {
  if (segment.length < SCTP_CHECKSUM_OFFSET + 4) return null;
  const blanked = segment.slice();
  const view = new DataView(blanked.buffer);
  const sent = view.getUint32(SCTP_CHECKSUM_OFFSET, true);
  view.setUint32(SCTP_CHECKSUM_OFFSET, 0);
  return crc32c(blanked) === sent;
}

/** Octets that count: all of them, save in UDP-Lite, where 0 means all too. RFC 3828 section 3.1. */
function coverage(protocol: number, segment: Uint8Array): number {
  if (protocol !== IP_PROTOCOL.udplite) return segment.length;
  return decodeUdp(segment).lengthOrCoverage || segment.length;
}
