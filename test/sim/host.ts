/** How a host answers a probe that reached it. */
import { concat, viewOf } from '../../src/wire/bytes.ts';
import { decodeIcmp, encodeIcmpv4, ICMPV4_TYPE } from '../../src/wire/icmpv4.ts';
import { encodeIcmpv6, ICMPV6_TYPE } from '../../src/wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../src/wire/ip-protocol.ts';
import {
  decodeSctpFirstChunk,
  decodeSctpStart,
  encodeSctp,
  encodeSctpChunk,
  SCTP_CHUNK,
} from '../../src/wire/sctp.ts';
import { decodeTcp, encodeTcp, TCP_FLAG } from '../../src/wire/tcp.ts';
import { decodeUdp, encodeUdp } from '../../src/wire/udp.ts';
import { encodeDatagram, type Datagram } from './datagram.ts';
import { destinationPort, tcpFlags } from './filter.ts';
import { encodeError, portUnreachable, protocolUnreachable, type IcmpErrorKind } from './icmp-error.ts';
import type { HostFormat, PortState } from './path-format.ts';
import { withChecksum } from './transport-checksum.ts';

/** The initial sequence number, SCTP tags and cookie of every simulated host. */
const HOST_NUMBER = 0x5eed_0001;
const WINDOW = 65535;
const STATE_COOKIE_PARAMETER = 7;
/** RFC 9260 section 3.3.13: the sender has no verification tag of its own and reflects. */
const T_BIT = 1;

/** A probe at its end. */
export interface Arrival {
  readonly host: HostFormat;
  /** As it arrived; errors quote it. */
  readonly arrived: Datagram;
  /** The same addressed as the tracer did, whatever translated it on the way; replies answer it. */
  readonly addressed: Datagram;
  readonly replyTtl: number;
}

/** The datagrams that a host sends back: none or one. */
export function answerOfHost(arrival: Arrival): Uint8Array[] {
  switch (arrival.arrived.protocol) {
    case IP_PROTOCOL.tcp:
      return answerTcp(arrival);
    case IP_PROTOCOL.udp:
      return answerUdp(arrival);
    case IP_PROTOCOL.udplite:
      return [error(arrival, portUnreachable(arrival.arrived.family))];
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmpv6:
      return answerEcho(arrival);
    case IP_PROTOCOL.sctp:
      return answerSctp(arrival);
    default:
      return answerUnknown(arrival);
  }
}

function error({ arrived, addressed, replyTtl }: Arrival, kind: IcmpErrorKind): Uint8Array {
  return encodeError(kind, arrived, { responder: addressed.destination, ttl: replyTtl });
}

function answerUnknown(arrival: Arrival): Uint8Array[] {
  if (arrival.host.proto_default === 'silent') return [];
  return [error(arrival, protocolUnreachable(arrival.arrived.family))];
}

/** A datagram from the address that `probe` was sent to back to its source. */
export function reply(probe: Datagram, ttl: number, transport: Uint8Array): Uint8Array {
  const endpoints = { source: probe.destination, destination: probe.source };
  const { protocol } = probe;
  return encodeDatagram({
    ...endpoints,
    protocol,
    ttl,
    transport: withChecksum(endpoints, protocol, transport),
  });
}

function stateOf(
  ports: Readonly<Record<string, PortState>> | undefined,
  { arrived }: Arrival,
): PortState | undefined {
  return ports?.[destinationPort(arrived) ?? 0];
}

function answerUdp(arrival: Arrival): Uint8Array[] {
  const { host, addressed, replyTtl, arrived } = arrival;
  const state = stateOf(host.udp, arrival) ?? host.udp_default ?? 'closed';
  if (state === 'filtered') return [];
  if (state === 'closed') return [error(arrival, portUnreachable(arrived.family))];
  const { sourcePort, destinationPort: port, lengthOrCoverage } = decodeUdp(addressed.transport);
  const header = { sourcePort: port, destinationPort: sourcePort, lengthOrCoverage, checksum: 0 };
  return [reply(addressed, replyTtl, encodeUdp(header, addressed.transport.subarray(8)))];
}

function answerEcho({ host, addressed, replyTtl }: Arrival): Uint8Array[] {
  const { type, code, rest, body } = decodeIcmp(addressed.transport);
  const isIpv4 = addressed.family === 4;
  if (type !== (isIpv4 ? ICMPV4_TYPE : ICMPV6_TYPE).echoRequest || host.icmp === false) return [];
  const message = { type: (isIpv4 ? ICMPV4_TYPE : ICMPV6_TYPE).echoReply, code, rest, body };
  const transport = isIpv4 ? encodeIcmpv4(message) : encodeIcmpv6(message, addressed);
  return [reply(addressed, replyTtl, transport)];
}

function answerTcp(arrival: Arrival): Uint8Array[] {
  const { host, addressed, replyTtl } = arrival;
  const state = stateOf(host.tcp, arrival) ?? host.tcp_default ?? 'closed';
  const { flags, sequenceNumber, sourcePort, destinationPort: port } = decodeTcp(addressed.transport);
  if (state === 'filtered' || flags & TCP_FLAG.rst) return [];
  if (state === 'closed' || flags & TCP_FLAG.ack) return resetOf(addressed, replyTtl);
  // RFC 9293 section 3.10.7.2: a listener drops what has none of RST, ACK and SYN
  if (!(flags & TCP_FLAG.syn)) return [];
  const ecnSetup = TCP_FLAG.ece | TCP_FLAG.cwr;
  // RFC 3168 section 6.1.1: ECN-setup SYN-ACK has ECE alone
  const ece = host.ecn === true && (flags & ecnSetup) === ecnSetup ? TCP_FLAG.ece : 0;
  const header = {
    sourcePort: port,
    destinationPort: sourcePort,
    sequenceNumber: HOST_NUMBER,
    acknowledgment: (sequenceNumber + 1) >>> 0,
    flags: TCP_FLAG.syn | TCP_FLAG.ack | ece,
    window: WINDOW,
    checksum: 0,
  };
  return [reply(addressed, replyTtl, encodeTcp(header, new Uint8Array(0)))];
}

/** The RST that answers a TCP segment, none for another RST. RFC 9293 section 3.10.7.1. */
export function resetOf(probe: Datagram, ttl: number): Uint8Array[] {
  const flags = tcpFlags(probe);
  if (flags === undefined || flags & TCP_FLAG.rst) return [];
  const segment = decodeTcp(probe.transport);
  const data = probe.transport.length - ((probe.transport[12] ?? 0) >> 4) * 4;
  const length = data + (flags & TCP_FLAG.syn ? 1 : 0) + (flags & TCP_FLAG.fin ? 1 : 0);
  const numbers =
    flags & TCP_FLAG.ack
      ? { sequenceNumber: segment.acknowledgment, acknowledgment: 0, flags: TCP_FLAG.rst }
      : {
          sequenceNumber: 0,
          acknowledgment: (segment.sequenceNumber + length) >>> 0,
          flags: TCP_FLAG.rst | TCP_FLAG.ack,
        };
  const ports = { sourcePort: segment.destinationPort, destinationPort: segment.sourcePort };
  return [reply(probe, ttl, encodeTcp({ ...ports, ...numbers, window: 0, checksum: 0 }, new Uint8Array(0)))];
}

/** RFC 9260 sections 5.1 and 8.4: INIT ACK or ABORT for INIT, SHUTDOWN COMPLETE for SHUTDOWN ACK. */
function answerSctp(arrival: Arrival): Uint8Array[] {
  const { host, addressed, replyTtl } = arrival;
  const state = stateOf(host.sctp, arrival);
  if (state === undefined) return answerUnknown(arrival);
  if (state === 'filtered') return [];
  const { sourcePort, destinationPort: port, verificationTag } = decodeSctpStart(addressed.transport);
  const { type, value } = decodeSctpFirstChunk(addressed.transport);
  const send = (tag: number, chunkType: number, flags: number, content: Uint8Array) => {
    const header = { sourcePort: port, destinationPort: sourcePort, verificationTag: tag };
    const chunk = encodeSctpChunk({ type: chunkType, flags, value: content });
    return [reply(addressed, replyTtl, encodeSctp(header, [chunk], true))];
  };
  const nothing = new Uint8Array(0);
  if (type === SCTP_CHUNK.shutdownAck) {
    return send(verificationTag, SCTP_CHUNK.shutdownComplete, T_BIT, nothing);
  }
  if (type !== SCTP_CHUNK.init) return send(verificationTag, SCTP_CHUNK.abort, T_BIT, nothing);
  const initiateTag = viewOf(value, 16, 'SCTP INIT').getUint32(0);
  if (state === 'closed') return send(initiateTag, SCTP_CHUNK.abort, 0, nothing);
  return send(initiateTag, SCTP_CHUNK.initAck, 0, initAck());
}

/** The fixed part of an INIT ACK and the state cookie it must have. RFC 9260 section 3.3.3. */
function initAck(): Uint8Array {
  const fixed = new Uint8Array(16);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, HOST_NUMBER);
  view.setUint32(4, WINDOW);
  view.setUint16(8, 1);
  view.setUint16(10, 1);
  view.setUint32(12, HOST_NUMBER);
  const cookie = new Uint8Array(8);
  const parameter = new DataView(cookie.buffer);
  parameter.setUint16(0, STATE_COOKIE_PARAMETER);
  parameter.setUint16(2, cookie.length);
  parameter.setUint32(4, HOST_NUMBER);
  return concat(fixed, cookie);
}
