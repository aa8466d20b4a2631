/** The answers of a host to TCP segments. RFC 9293. */
import { decodeTcp, encodeTcp, TCP_FLAG, type TcpHeader } from '../../../src/wire/tcp.ts';
import type { Datagram } from '../datagram.ts';
import { tcpFlags } from '../filter.ts';
import { reply, stateOf, type Arrival } from './arrival.ts';
import { HOST_NUMBER, WINDOW } from './numbers.ts';

const ECN_SETUP = TCP_FLAG.ece | TCP_FLAG.cwr;
/** The ACK of an old connection acknowledges this, which no probe has sent. */
const OLD_ACKNOWLEDGMENT = 0x0ddc_0de5;
const EXPLICIT_FLAGS = /^flags:(?<flags>0x[0-9a-f]{1,2}|\d{1,3})$/i;

/** The fields in which answers differ. */
type Numbers = Pick<TcpHeader, 'sequenceNumber' | 'acknowledgment' | 'flags'> & { readonly window?: number };

function segment(probe: Datagram, ttl: number, { window = WINDOW, ...numbers }: Numbers): Uint8Array[] {
  const { sourcePort, destinationPort } = decodeTcp(probe.transport);
  const ports = { sourcePort: destinationPort, destinationPort: sourcePort };
  return [reply(probe, ttl, encodeTcp({ ...ports, ...numbers, window, checksum: 0 }, new Uint8Array(0)))];
}

/**
 * Answers a segment by the state of its port.
 * @throws Error when that is no state
 */
export function answerTcp(arrival: Arrival): Uint8Array[] {
  const { host, addressed, replyTtl } = arrival;
  const state = stateOf(host.tcp, arrival) ?? host.tcp_default ?? 'closed';
  const flags = tcpFlags(addressed) ?? 0;
  if (state === 'filtered' || flags & TCP_FLAG.rst) return [];
  if (state === 'open') return answerOpen(arrival, flags);
  if (state !== 'closed') return segment(addressed, replyTtl, explicit(state, addressed));
  const isBare = host.bare_rst === true && !(flags & TCP_FLAG.ack);
  if (!isBare) return resetOf(addressed, replyTtl);
  const reset = { sequenceNumber: 0, acknowledgment: 0, flags: TCP_FLAG.rst, window: 0 };
  return segment(addressed, replyTtl, reset);
}

function answerOpen({ host, addressed, replyTtl }: Arrival, flags: number): Uint8Array[] {
  if (flags & TCP_FLAG.ack) return resetOf(addressed, replyTtl);
  // RFC 9293 section 3.10.7.2: a listener drops what has none of RST, ACK and SYN
  if (!(flags & TCP_FLAG.syn)) return [];
  // RFC 3168 section 6.1.1: ECN-setup SYN-ACK has ECE alone
  const ece = host.ecn === true && (flags & ECN_SETUP) === ECN_SETUP ? TCP_FLAG.ece : 0;
  // RFC 5961 section 4: a SYN to an old connection is challenged by the ACK that the connection would send
  const numbers = host.ack_only
    ? { acknowledgment: OLD_ACKNOWLEDGMENT, flags: TCP_FLAG.ack }
    : { acknowledgment: afterSyn(addressed), flags: TCP_FLAG.syn | TCP_FLAG.ack | ece };
  return segment(addressed, replyTtl, { sequenceNumber: HOST_NUMBER, ...numbers });
}

function explicit(state: string, probe: Datagram): Numbers {
  const { flags } = EXPLICIT_FLAGS.exec(state)?.groups ?? {};
  if (flags === undefined) throw new Error(`unknown port state in a path: ${state}`);
  const isAck = (Number(flags) & TCP_FLAG.ack) !== 0;
  return {
    sequenceNumber: HOST_NUMBER,
    acknowledgment: isAck ? afterSyn(probe) : 0,
    flags: Number(flags),
  };
}

function afterSyn(probe: Datagram): number {
  return (decodeTcp(probe.transport).sequenceNumber + 1) >>> 0;
}

/** Makes the RST that answers a TCP segment; none answers another RST. RFC 9293 section 3.10.7.1. */
export function resetOf(probe: Datagram, ttl: number): Uint8Array[] {
  const flags = tcpFlags(probe);
  if (flags === undefined || flags & TCP_FLAG.rst) return [];
  const { sequenceNumber, acknowledgment } = decodeTcp(probe.transport);
  if (flags & TCP_FLAG.ack) {
    const reset = { sequenceNumber: acknowledgment, acknowledgment: 0, flags: TCP_FLAG.rst };
    return segment(probe, ttl, { ...reset, window: 0 });
  }
  return segment(probe, ttl, {
    sequenceNumber: 0,
    acknowledgment: (sequenceNumber + lengthOf(probe, flags)) >>> 0,
    flags: TCP_FLAG.rst | TCP_FLAG.ack,
    window: 0,
  });
}

/** SEG.LEN of RFC 9293 section 3.4: the data, and one each for SYN and FIN. */
function lengthOf({ transport }: Datagram, flags: number): number {
  const data = transport.length - ((transport[12] ?? 0) >> 4) * 4;
  return data + (flags & TCP_FLAG.syn ? 1 : 0) + (flags & TCP_FLAG.fin ? 1 : 0);
}
