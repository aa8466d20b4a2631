/** The messages that a raw socket would have received, from what other sockets tell of them. */
import type { OutgoingDatagram, ReceivedDatagram } from '../../ports/transport.ts';
import { encodeDatagram } from '../../engine/encode-datagram.ts';
import { addressOf, withZone, type Family } from '../../model/address.ts';
import { concat } from '../../wire/bytes.ts';
import { encodeIcmpv4, ICMPV4_TYPE, ICMPV4_UNREACHABLE } from '../../wire/icmpv4.ts';
import { encodeIcmpv6, ICMPV6_TYPE } from '../../wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { IPV4_HEADER_LENGTH } from '../../wire/ipv4.ts';
import { IPV6_HEADER_LENGTH } from '../../wire/ipv6.ts';
import { decodeTcpStart, encodeTcp, TCP_FLAG } from '../../wire/tcp.ts';
import { decodeUdp, encodeUdp, UDP_HEADER_LENGTH } from '../../wire/udp.ts';
import { ICMP_OF } from '../heard-protocols.ts';
import { zonedAddress } from '../host/interfaces.ts';
import type { SocketAddress } from '../linux/sockaddr.ts';
import type { ExtendedError } from '../linux/extended-error.ts';

/** When a message came, and what TTL or hop limit it had left. */
export type ArrivalFacts = Pick<ReceivedDatagram, 'atMs' | 'precision' | 'ttl'>;

/** What a datagram has left when it dies at a router. The quoted one is not told. RFC 1812 section 5.3.1 */
const QUOTED_TTL = 1;
/** What a quote's length is counted in, in octets. RFC 4884 section 4 */
const QUOTE_UNIT: Readonly<Record<Family, number>> = { 4: 4, 6: 8 };
const IP_HEADER_LENGTH: Readonly<Record<Family, number>> = { 4: IPV4_HEADER_LENGTH, 6: IPV6_HEADER_LENGTH };
/** Ports and sequence number. RFC 9293 section 3.1 */
const TCP_START_LENGTH = 8;

/**
 * The ICMP or ICMPv6 error for a probe.
 * @param probe - as it is quoted
 * @param told - the octets that the error queue has of the message: from the transport header of the quoted probe
 * on, but for UDP from what follows it, to the end of the message, ICMP extensions included
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

/** Where the engine's own header has to stand: the kernel writes TCP's itself, and does not tell UDP's. */
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

/** RFC 1191 section 4, RFC 4443 sections 3.2 and 3.4, RFC 4884 sections 4.1 to 4.5. */
function secondWord(family: Family, { type, code, info }: ExtendedError, quoteLength: number): number {
  if (family === 6) {
    const hasInfo = type === ICMPV6_TYPE.packetTooBig || type === ICMPV6_TYPE.parameterProblem;
    return hasInfo ? info : quoteLength * 0x1000000;
  }
  const hasMtu =
    type === ICMPV4_TYPE.destinationUnreachable && code === ICMPV4_UNREACHABLE.fragmentationNeeded;
  return quoteLength * 0x10000 + (hasMtu ? info & 0xffff : 0);
}

/** The probe with the destination that a quote has: another one where it was translated on the way. RFC 3022 */
export function asQuoted(probe: OutgoingDatagram, { octets, port }: SocketAddress): OutgoingDatagram {
  const { protocol } = probe;
  const hasPorts = protocol === IP_PROTOCOL.udp || protocol === IP_PROTOCOL.udplite;
  if (!hasPorts) return { ...probe, destination: octets };
  const header = { ...decodeUdp(probe.payload), destinationPort: port };
  const payload = encodeUdp(header, probe.payload.subarray(UDP_HEADER_LENGTH));
  return { ...probe, destination: octets, payload };
}

/** A UDP datagram with the answer of a target. */
export function udpAnswer(sourcePort: number, destinationPort: number, data: Uint8Array): Uint8Array {
  const lengthOrCoverage = UDP_HEADER_LENGTH + data.length;
  return encodeUdp({ sourcePort, destinationPort, lengthOrCoverage, checksum: 0 }, data);
}

/** The segment by which a target accepts a SYN (SYN and ACK) or refuses it (RST and ACK). RFC 9293 section 3.5 */
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

/** These alone, of an object that may have more. */
export function factsOf({ atMs, precision, ttl }: ArrivalFacts): ArrivalFacts {
  return { atMs, precision, ...(ttl === undefined ? {} : { ttl }) };
}
