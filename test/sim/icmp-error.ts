/** ICMP and ICMPv6 errors, as routers and hosts send them. RFC 792, RFC 4443, RFC 4884, RFC 4950. */
import type { Family } from '../../src/model/address.ts';
import { concat } from '../../src/wire/bytes.ts';
import { internetChecksum } from '../../src/wire/checksum.ts';
import { encodeIcmpv4, ICMPV4_TYPE, ICMPV4_UNREACHABLE } from '../../src/wire/icmpv4.ts';
import {
  encodeIcmpv6,
  ICMPV6_PORT_UNREACHABLE,
  ICMPV6_TYPE,
  ICMPV6_UNRECOGNISED_NEXT_HEADER,
} from '../../src/wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../src/wire/ip-protocol.ts';
import { encodeDatagram, type Datagram } from './datagram.ts';
import type { HopFormat } from './path-format.ts';

/** RFC 1812 section 4.3.2.3: the error is at most 576 octets long. */
const IPV4_QUOTE_MAX_LENGTH = 576 - 20 - 8;
/** RFC 4443 section 2.4 (c): the error is at most 1280 octets long. */
const IPV6_QUOTE_MAX_LENGTH = 1280 - 40 - 8;
/** RFC 1812 section 4.3.2.5: precedence 6, internetwork control. */
const IPV4_ERROR_TOS = 0xc0;
/** RFC 4884 section 4: with extensions the quote fills 128 octets at least; routers quote no more. */
const EXTENDED_QUOTE_LENGTH = 128;
const NEXT_HEADER_OFFSET = 6;

/** The part of an error that says what happened. */
export interface IcmpErrorKind {
  readonly type: number;
  readonly code: number;
  readonly rest: number;
}

export function timeExceeded(family: Family): IcmpErrorKind {
  return { type: family === 4 ? ICMPV4_TYPE.timeExceeded : ICMPV6_TYPE.timeExceeded, code: 0, rest: 0 };
}

/** @param nextHopMtu - goes with fragmentation needed alone. RFC 1191 section 4 */
export function unreachable(family: Family, code: number, nextHopMtu = 0): IcmpErrorKind {
  if (family === 6) return { type: ICMPV6_TYPE.destinationUnreachable, code, rest: 0 };
  const rest = code === ICMPV4_UNREACHABLE.fragmentationNeeded ? nextHopMtu : 0;
  return { type: ICMPV4_TYPE.destinationUnreachable, code, rest };
}

export function portUnreachable(family: Family): IcmpErrorKind {
  return unreachable(family, family === 4 ? ICMPV4_UNREACHABLE.port : ICMPV6_PORT_UNREACHABLE);
}

export function protocolUnreachable(family: Family): IcmpErrorKind {
  if (family === 4) return unreachable(4, ICMPV4_UNREACHABLE.protocol);
  const code = ICMPV6_UNRECOGNISED_NEXT_HEADER;
  return { type: ICMPV6_TYPE.parameterProblem, code, rest: NEXT_HEADER_OFFSET };
}

export function tooBig(family: Family, nextHopMtu: number): IcmpErrorKind {
  if (family === 4) return unreachable(4, ICMPV4_UNREACHABLE.fragmentationNeeded, nextHopMtu);
  return { type: ICMPV6_TYPE.packetTooBig, code: 0, rest: nextHopMtu };
}

export type LabelStack = NonNullable<HopFormat['mpls']>;

/** The whole datagram that carries an error about `offender` from `responder` to the offender's source. */
export function encodeError(
  kind: IcmpErrorKind,
  offender: Datagram,
  { responder, ttl, labels = [] }: { responder: Uint8Array; ttl: number; labels?: LabelStack | undefined },
): Uint8Array {
  const endpoints = { source: responder, destination: offender.source };
  const isIpv4 = offender.family === 4;
  const message =
    labels.length === 0 || kind.type === ICMPV6_TYPE.packetTooBig
      ? { ...kind, body: quote(offender) }
      : extended(kind, offender, labels);
  return encodeDatagram({
    ...endpoints,
    ttl,
    protocol: isIpv4 ? IP_PROTOCOL.icmp : IP_PROTOCOL.icmpv6,
    tos: isIpv4 ? IPV4_ERROR_TOS : 0,
    transport: isIpv4 ? encodeIcmpv4(message) : encodeIcmpv6(message, endpoints),
  });
}

function quote({ family, octets }: Datagram): Uint8Array {
  return octets.subarray(0, family === 4 ? IPV4_QUOTE_MAX_LENGTH : IPV6_QUOTE_MAX_LENGTH);
}

/** RFC 4884 section 4: the length counts 32-bit words in octet 5 (IPv4), 64-bit words in octet 4 (IPv6). */
function extended(kind: IcmpErrorKind, offender: Datagram, labels: LabelStack) {
  const padded = new Uint8Array(EXTENDED_QUOTE_LENGTH);
  padded.set(offender.octets.subarray(0, EXTENDED_QUOTE_LENGTH));
  const length =
    offender.family === 4 ? (EXTENDED_QUOTE_LENGTH / 4) << 16 : (EXTENDED_QUOTE_LENGTH / 8) << 24;
  return { ...kind, rest: (kind.rest | length) >>> 0, body: concat(padded, encodeLabels(labels)) };
}

/** One extension structure with one label stack object. RFC 4884 section 7, RFC 4950 section 4. */
function encodeLabels(labels: LabelStack): Uint8Array {
  const bytes = new Uint8Array(8 + labels.length * 4);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 2 << 4);
  view.setUint16(4, 4 + labels.length * 4);
  view.setUint8(6, 1);
  view.setUint8(7, 1);
  for (const [index, [label, exp, bottom, ttl]] of labels.entries()) {
    view.setUint32(8 + index * 4, ((label << 12) | (exp << 9) | (bottom << 8) | ttl) >>> 0);
  }
  view.setUint16(2, internetChecksum(bytes));
  return bytes;
}
