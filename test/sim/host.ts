/** The answers of a host to probes that reach it. */
import { decodeIcmp, encodeIcmpv4, ICMPV4_TYPE } from '../../src/wire/icmpv4.ts';
import { encodeIcmpv6, ICMPV6_TYPE } from '../../src/wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import { decodeUdp, encodeUdp } from '../../src/wire/udp.ts';
import { answerUnknown, errorReply, reply, stateOf, type Arrival } from './host/arrival.ts';
import { answerSctp } from './host/sctp.ts';
import { answerTcp } from './host/tcp.ts';
import { portUnreachable } from './icmp-error.ts';
import type { PortState } from './path-format.ts';

/** Answers a probe with the datagrams that the host sends back: none or one. */
export function answerOfHost(arrival: Arrival): Uint8Array[] {
  switch (arrival.arrived.protocol) {
    case IP_PROTOCOL.tcp:
      return answerTcp(arrival);
    case IP_PROTOCOL.udp:
      return answerUdp(arrival, stateOf(arrival.host.udp, arrival) ?? arrival.host.udp_default ?? 'closed');
    case IP_PROTOCOL.udplite:
      return answerUdplite(arrival);
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmpv6:
      return answerEcho(arrival);
    case IP_PROTOCOL.sctp:
      return answerSctp(arrival);
    default:
      return answerUnknown(arrival);
  }
}

/** UDP-Lite is answered like UDP, by hosts that have it. RFC 3828 section 3.3. */
function answerUdplite(arrival: Arrival): Uint8Array[] {
  const state = stateOf(arrival.host.udplite, arrival) ?? arrival.host.udplite_default;
  return state === undefined ? answerUnknown(arrival) : answerUdp(arrival, state);
}

function answerUdp(arrival: Arrival, state: PortState): Uint8Array[] {
  const { addressed, replyTtl, arrived } = arrival;
  if (state === 'filtered' || state === 'open') return [];
  if (state !== 'echo') return [errorReply(arrival, portUnreachable(arrived.family))];
  const { sourcePort, destinationPort: port, lengthOrCoverage } = decodeUdp(addressed.transport);
  const header = { sourcePort: port, destinationPort: sourcePort, lengthOrCoverage, checksum: 0 };
  return [reply(addressed, replyTtl, encodeUdp(header, addressed.transport.subarray(8)))];
}

function answerEcho({ host, addressed, replyTtl }: Arrival): Uint8Array[] {
  const { type, code, rest, body } = decodeIcmp(addressed.transport);
  const isIpv4 = addressed.family === 4;
  if (type !== (isIpv4 ? ICMPV4_TYPE : ICMPV6_TYPE).echoRequest || host.icmp === false) return [];
  const message = { type: (isIpv4 ? ICMPV4_TYPE : ICMPV6_TYPE).echoReply, code, rest, body };
  const endpoints = { source: addressed.destination, destination: addressed.source };
  const transport = isIpv4 ? encodeIcmpv4(message) : encodeIcmpv6(message, endpoints);
  return [reply(addressed, replyTtl, transport)];
}
