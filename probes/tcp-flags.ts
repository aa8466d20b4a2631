/** TCP's control bits by their names, and which of them open a connection. */
import { namesOfBits, type ControlBits } from '../src/model/control-bits.ts';
import { TCP_FLAG } from '../src/wire/codes.ts';

const { fin, syn, rst, psh, ack, urg, ece, cwr } = TCP_FLAG;
/** The control bits that the commands' own options set. */
export const { syn: SYN, ack: ACK } = TCP_FLAG;

/** The names that a specification may have, in their order. RFC 9293 section 3.1, RFC 3168 section 6.1. */
export const TCP_FLAG_NAMES: ControlBits = [
  ['syn', syn],
  ['ack', ack],
  ['fin', fin],
  ['rst', rst],
  ['psh', psh],
  ['urg', urg],
  // RFC 3168 section 6.1.1: both together ask for ECN
  ['ecn', ece | cwr],
  ['ece', ece],
  ['cwr', cwr],
  ['null', 0],
];

/** Tells whether a segment with these bits opens a connection, and does not claim to be part of one. */
export function opensConnection(flags: number): boolean {
  return (flags & (syn | ack)) === syn;
}

/**
 * Tells whether filters that keep state take a segment for the first of a connection, or for part of one whose beginning
 * they have missed. Linux: tcp_conntracks of nf_conntrack_proto_tcp.c, and net.netfilter.nf_conntrack_tcp_loose.
 */
export function isTracked(flags: number): boolean {
  const kind = flags & (syn | ack | fin | rst);
  return kind === syn || kind === ack;
}

/** The names of the bits that are set, as a specification has them: `syn+ecn`; `null` for none. */
export function tcpFlagNames(flags: number): string {
  return namesOfBits(TCP_FLAG_NAMES, flags);
}
