/** Which packets Linux rejects with an answer: those whose checksum is right, or is not looked at. */
import { internetChecksum, transportChecksum } from '../../src/wire/checksum.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import type { Datagram } from './datagram.ts';
import { checksumIsRight } from './transport-checksum.ts';

/** The protocols whose checksum nf_reject does not verify: ESP, AH, SCTP, UDP-Lite. */
const UNVERIFIED: readonly number[] = [50, 51, IP_PROTOCOL.sctp, IP_PROTOCOL.udplite];
/** C: the GRE header has a checksum. RFC 2784 section 2.1. */
const GRE_CHECKSUM_PRESENT = 0x80;

type Summed = Pick<Datagram, 'family' | 'source' | 'destination' | 'protocol' | 'transport'>;

/**
 * Tells whether a rule of Linux that rejects this datagram answers it. A protocol that the kernel does not know has to
 * have the sum of ICMP (RFC 1071), over the pseudo-header too in IPv6. What is not answered is dropped all the same.
 */
export function isRejectAnswered({ family, protocol, transport, ...endpoints }: Summed): boolean {
  if (UNVERIFIED.includes(protocol)) return true;
  switch (protocol) {
    case IP_PROTOCOL.tcp:
    case IP_PROTOCOL.udp:
      return checksumIsRight(endpoints, protocol, transport) !== false;
    case IP_PROTOCOL.gre:
      if (((transport[0] ?? 0) & GRE_CHECKSUM_PRESENT) === 0) return true;
  }
  const sum = family === 4 ? internetChecksum(transport) : transportChecksum(endpoints, protocol, transport);
  return sum === 0;
}
