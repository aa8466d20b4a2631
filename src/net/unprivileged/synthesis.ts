/** Rebuilds the messages that a raw socket would have received, from what plain sockets report. */
import type { OutgoingDatagram, ReceivedDatagram } from '../../ports/transport.ts';
import { encodeDatagram } from '../../engine/encode-datagram.ts';
import { addressOf, withZone, type Family } from '../../model/address.ts';
import { concat } from '../../wire/bytes.ts';
import { encodeIcmpv4, ICMPV4_TYPE, ICMPV4_UNREACHABLE } from '../../wire/icmpv4.ts';
import { encodeIcmpv6, ICMPV6_TYPE } from '../../wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
import { IPV4_HEADER_LENGTH } from '../../wire/ipv4.ts';
import { IPV6_HEADER_LENGTH } from '../../wire/ipv6.ts';
import { decodeTcpStart, encodeTcp, TCP_FLAG } from '../../wire/tcp.ts';
import { decodeUdp, encodeUdp, UDP_HEADER_LENGTH } from '../../wire/udp.ts';
import { ICMP_OF } from '../heard-protocols.ts';
import { zonedAddress } from '../host/interfaces.ts';
import type { SocketAddress } from '../linux/sockaddr.ts';
import type { ExtendedError } from '../linux/extended-error.ts';

/** The time at which a message came, and the TTL or hop limit that it had left. */
export type ArrivalFacts = Pick<ReceivedDatagram, 'atMs' | 'precision' | 'ttl'>;

/** The TTL with which a datagram dies at a router. Sockets do not report the quoted one. RFC 1812 section 5.3.1 */
const QUOTED_TTL = 1;
/** Octets in which a quote's length is counted. RFC 4884 section 4 */
const QUOTE_UNIT: Readonly<Record<Family, number>> = { 4: 4, 6: 8 };
const IP_HEADER_LENGTH: Readonly<Record<Family, number>> = { 4: IPV4_HEADER_LENGTH, 6: IPV6_HEADER_LENGTH };
/** Octets of ports and sequence number. RFC 9293 section 3.1 */
const TCP_START_LENGTH = 8;

/**
 * Makes the ICMP or ICMPv6 error for a probe.
 * @param probe - as the error quotes it
 * @param told - the octets that the error queue has of the message, up to its end, ICMP extensions included: from the
 * quoted transport header on, but for UDP from the data after it on
 */
export function icmpError(
  probe: OutgoingDatagram,
  error: ExtendedError,
  told: Uint8Array,
  facts: ArrivalFacts,
): ReceivedDatagram {
  const { family } = probe;
  const header = encodeDatagram({ ...probe, ttl: QUOTED_TTL }).subarray(0, IP_HEADER_LENGTH[family]);
  const transport = quotedTransport(probe, told);
  const body = concat(header, transport);
  const untold = body.length - told.length;
  const quoteLength = error.extensionsAt === 0 ? 0 : (untold + error.extensionsAt) / QUOTE_UNIT[family];
  const message = { type: error.type, code: error.code, rest: secondWord(family, error, quoteLength), body };
  const endpoints = { source: error.offender.octets, destination: probe.source };
  return {
    family,
    protocol: ICMP_OF[family],
    source: zonedAddress(error.offender),
    octets: family === 4 ? encodeIcmpv4(message) : encodeIcmpv6(message, endpoints),
    hasHeader: false,
    ...factsOf(facts),
  };
}

/** Puts in the engine's own transport header: the kernel wrote TCP's itself, and does not report UDP's. */
function quotedTransport({ protocol, payload }: OutgoingDatagram, told: Uint8Array): Uint8Array {
  switch (protocol) {
    case IP_PROTOCOL.tcp:
      return concat(payload.subarray(0, TCP_START_LENGTH), told.subarray(TCP_START_LENGTH));
    case IP_PROTOCOL.udp:
    case IP_PROTOCOL.udplite:
      return concat(payload.subarray(0, UDP_HEADER_LENGTH), told);
    default:
      return told;
  }
}

/** The ICMP header's second word. RFC 1191 section 4, RFC 4443 sections 3.2 and 3.4, RFC 4884 sections 4.1 to 4.5 */
function secondWord(family: Family, { type, code, info }: ExtendedError, quoteLength: number): number {
  if (family === 6) {
    const hasInfo = type === ICMPV6_TYPE.packetTooBig || type === ICMPV6_TYPE.parameterProblem;
    return hasInfo ? info : quoteLength * 0x1000000;
  }
  const hasMtu =
    type === ICMPV4_TYPE.destinationUnreachable && code === ICMPV4_UNREACHABLE.fragmentationNeeded;
  return quoteLength * 0x10000 + (hasMtu ? info & 0xffff : 0);
}

/** The probe with the destination that a quote has. It differs where a router translated it. RFC 3022 */
export function asQuoted(probe: OutgoingDatagram, { octets, port }: SocketAddress): OutgoingDatagram {
  const { protocol } = probe;
  const hasPorts = protocol === IP_PROTOCOL.udp || protocol === IP_PROTOCOL.udplite;
  if (!hasPorts) return { ...probe, destination: octets };
  const header = { ...decodeUdp(probe.payload), destinationPort: port };
  const payload = encodeUdp(header, probe.payload.subarray(UDP_HEADER_LENGTH));
  return { ...probe, destination: octets, payload };
}

/** Makes the UDP datagram of a target's answer. */
export function udpAnswer(sourcePort: number, destinationPort: number, data: Uint8Array): Uint8Array {
  const lengthOrCoverage = UDP_HEADER_LENGTH + data.length;
  return encodeUdp({ sourcePort, destinationPort, lengthOrCoverage, checksum: 0 }, data);
}

/** Makes the segment with which a target accepts a SYN (SYN, ACK) or refuses it (RST, ACK). RFC 9293 section 3.5 */
export function tcpAnswer(
  syn: OutgoingDatagram,
  state: 'open' | 'closed',
  facts: ArrivalFacts,
): ReceivedDatagram {
  const { sourcePort, destinationPort, sequenceNumber } = decodeTcpStart(syn.payload);
  const header = {
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    sequenceNumber: 0,
    acknowledgment: (sequenceNumber + 1) >>> 0,
    flags: TCP_FLAG.ack | (state === 'open' ? TCP_FLAG.syn : TCP_FLAG.rst),
    window: 0,
    checksum: 0,
  };
  return {
    family: syn.family,
    protocol: IP_PROTOCOL.tcp,
    source: withZone(addressOf(syn.destination), syn.zone),
    octets: encodeTcp(header, new Uint8Array()),
    hasHeader: false,
    ...factsOf(facts),
  };
}

/** Picks these facts from an object that may have more. */
export function factsOf({ atMs, precision, ttl }: ArrivalFacts): ArrivalFacts {
  return { atMs, precision, ...(ttl === undefined ? {} : { ttl }) };
}
