/**
 * Converts IPv4's total length and fragment field between raw sockets and the wire. Linux, OpenBSD and FreeBSD from 11 on
 * have both in network order. macOS, NetBSD and older FreeBSD have them in the machine's order, and subtract the header's
 * length from a received total length. macOS also turns the total length of a quoted datagram. Only Linux was run; the
 * others were read in the sources of their kernels (raw_ip.c, ip_input.c, ip_icmp.c).
 */
import { setUint16, uint16At } from '../../wire/bytes.ts';
import { ICMP_HEADER_LENGTH, ICMPV4_TYPE } from '../../wire/icmpv4.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
import { IPV4_HEADER_LENGTH } from '../../wire/ipv4.ts';

/** `host` is little-endian: on a big-endian machine both orders are the same, and it counts as `network`. */
export type ByteOrder = 'network' | 'host';

/** A system's byte orders of the two fields. */
export interface HeaderForm {
  /** In what a socket is given to send. */
  readonly sent: ByteOrder;
  /** In what a socket receives. */
  readonly received: ByteOrder;
  /** In the datagram that an ICMP error quotes; only the total length is affected. */
  readonly quoted: ByteOrder;
}

/** Everything is as it is on the wire. */
export const WIRE_FORM: HeaderForm = { sent: 'network', received: 'network', quoted: 'network' };

/** RFC 791 section 3.1. */
const OFFSET = { versionAndLength: 0, totalLength: 2, fragment: 6, protocol: 9 } as const;
/**
 * The last code of destination unreachable that macOS knows. It leaves the quotes of later ones alone. RFC 1812 section
 * 5.2.7.1
 */
const LAST_KNOWN_CODE = 13;

/**
 * Turns a datagram as it is on the wire into what a socket takes, in place.
 * @param datagram - an IPv4 header, without options or with, and what follows
 */
export function toSocket(datagram: Uint8Array, { sent }: HeaderForm): Uint8Array {
  if (sent === 'host') swap(datagram, OFFSET.totalLength, OFFSET.fragment);
  return datagram;
}

/**
 * Turns a datagram that a socket received into what it was on the wire, in place. One too short for a header stays as
 * it is, for the decoder to refuse.
 * @param datagram - whole: kernels put fragments together and cut off what follows the total length
 */
export function fromSocket(datagram: Uint8Array, form: HeaderForm): Uint8Array {
  if (datagram.length < IPV4_HEADER_LENGTH) return datagram;
  if (form.received === 'host') {
    setUint16(datagram, OFFSET.totalLength, datagram.length);
    swap(datagram, OFFSET.fragment);
  }
  if (form.quoted === 'host') {
    const quoteAt = quoteOffset(datagram);
    if (quoteAt !== undefined) swap(datagram, quoteAt + OFFSET.totalLength);
  }
  return datagram;
}

/**
 * Reads from one received datagram how its system has the fields.
 * @param sent - the order in which the socket took it
 * @param received - an ICMP error as the socket gave it
 * @param quotedLength - the total length that the error's quote announced
 */
export function formOf(sent: ByteOrder, received: Uint8Array, quotedLength: number): HeaderForm {
  const quoteAt = quoteOffset(received) ?? 0;
  return {
    sent,
    received: orderOf(received, OFFSET.totalLength, received.length),
    quoted: orderOf(received, quoteAt + OFFSET.totalLength, quotedLength),
  };
}

function orderOf(octets: Uint8Array, at: number, expected: number): ByteOrder {
  return uint16At(octets, at) === expected ? 'network' : 'host';
}

/** The offset of an ICMP error's quote, if the kernel looks into it; undefined for other datagrams. */
function quoteOffset(datagram: Uint8Array): number | undefined {
  if (datagram[OFFSET.protocol] !== IP_PROTOCOL.icmp) return undefined;
  const icmpAt = ((datagram[OFFSET.versionAndLength] ?? 0) & 0x0f) * 4;
  const quoteAt = icmpAt + ICMP_HEADER_LENGTH;
  const [type, code = 0] = datagram.subarray(icmpAt, quoteAt);
  const isError = type === ICMPV4_TYPE.timeExceeded || type === ICMPV4_TYPE.destinationUnreachable;
  const isWhole = datagram.length >= quoteAt + IPV4_HEADER_LENGTH;
  return isError && isWhole && code <= LAST_KNOWN_CODE ? quoteAt : undefined;
}

function swap(octets: Uint8Array, ...offsets: readonly number[]): void {
  for (const at of offsets) setUint16(octets, at, ((octets[at + 1] ?? 0) << 8) | (octets[at] ?? 0));
}
