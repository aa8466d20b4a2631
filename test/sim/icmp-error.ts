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
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
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
  /** The 32 bits after the checksum. */
  readonly rest: number;
}

/** Time exceeded in transit. RFC 792, RFC 4443 section 3.3. */
export function timeExceeded(family: Family): IcmpErrorKind {
  return { type: family === 4 ? ICMPV4_TYPE.timeExceeded : ICMPV6_TYPE.timeExceeded, code: 0, rest: 0 };
}

/**
 * Destination unreachable with a code of the family.
 * @param nextHopMtu - goes with IPv4's fragmentation needed alone. RFC 1191 section 4
 */
export function unreachable(family: Family, code: number, nextHopMtu = 0): IcmpErrorKind {
  if (family === 6) return { type: ICMPV6_TYPE.destinationUnreachable, code, rest: 0 };
  const rest = code === ICMPV4_UNREACHABLE.fragmentationNeeded ? nextHopMtu : 0;
  return { type: ICMPV4_TYPE.destinationUnreachable, code, rest };
}

/** Nobody listens on the port. RFC 1122 section 3.2.2.1, RFC 4443 section 3.1. */
export function portUnreachable(family: Family): IcmpErrorKind {
  return unreachable(family, family === 4 ? ICMPV4_UNREACHABLE.port : ICMPV6_PORT_UNREACHABLE);
}

/** Nobody knows the protocol. RFC 1122 section 3.2.2.1, RFC 4443 section 3.4. */
export function protocolUnreachable(family: Family): IcmpErrorKind {
  if (family === 4) return unreachable(4, ICMPV4_UNREACHABLE.protocol);
  const code = ICMPV6_UNRECOGNISED_NEXT_HEADER;
  return { type: ICMPV6_TYPE.parameterProblem, code, rest: NEXT_HEADER_OFFSET };
}

/** The datagram does not fit and may not be fragmented. RFC 1191 section 4, RFC 4443 section 3.2. */
export function tooBig(family: Family, nextHopMtu: number): IcmpErrorKind {
  if (family === 4) return unreachable(4, ICMPV4_UNREACHABLE.fragmentationNeeded, nextHopMtu);
  return { type: ICMPV6_TYPE.packetTooBig, code: 0, rest: nextHopMtu };
}

/** Labels as the path format has them, top first. */
export type LabelStack = NonNullable<HopFormat['mpls']>;

/** By whom an error is sent, and what may be odd about it. */
export interface ErrorOptions {
  readonly responder: Uint8Array;
  /** TTL of the error, 1 to 255. */
  readonly ttl: number;
  readonly labels?: LabelStack | undefined;
  /** Extension objects after the labels: class, type, and what follows in hex. */
  readonly objects?: HopFormat['objects'];
  /** The extension structure carries no checksum. RFC 4884 section 7 */
  readonly unsummed?: boolean | undefined;
  /** What is quoted in place of the offender. */
  readonly quoted?: Uint8Array | undefined;
  /** RFC 4884's length octet where there are extensions; the right one by default. */
  readonly lengthOctet?: number | undefined;
}

/** Makes the whole datagram that carries an error about `offender` from a responder to the offender's source. */
export function encodeError(kind: IcmpErrorKind, offender: Datagram, options: ErrorOptions): Uint8Array {
  const { responder, quoted = offender.octets } = options;
  const { family } = offender;
  const objects = objectsOf(options);
  const message =
    objects.length > 0 && kind.type !== ICMPV6_TYPE.packetTooBig
      ? extended(kind, family, quoted, structureOf(objects, options.unsummed), options.lengthOctet)
      : { ...kind, body: cut(family, quoted) };
  return encodeIcmp(message, { family, source: responder, destination: offender.source }, options.ttl);
}

function objectsOf({ labels = [], objects = [] }: ErrorOptions): Uint8Array[] {
  const others = objects.map(([number, type, hex]) => encodeObject(number, type, Buffer.from(hex, 'hex')));
  return labels.length === 0 ? others : [encodeLabels(labels), ...others];
}

/** An ICMP or ICMPv6 message without its checksum. */
type IcmpMessage = IcmpErrorKind & { readonly body: Uint8Array };

/** Makes a whole datagram of an ICMP message of the family, as routers send it. */
function encodeIcmp(
  message: IcmpMessage,
  endpoints: Pick<Datagram, 'family' | 'source' | 'destination'>,
  ttl: number,
): Uint8Array {
  const isIpv4 = endpoints.family === 4;
  return encodeDatagram({
    ...endpoints,
    ttl,
    protocol: isIpv4 ? IP_PROTOCOL.icmp : IP_PROTOCOL.icmpv6,
    tos: isIpv4 ? IPV4_ERROR_TOS : 0,
    transport: isIpv4 ? encodeIcmpv4(message) : encodeIcmpv6(message, endpoints),
  });
}

function cut(family: Family, quoted: Uint8Array): Uint8Array {
  return quoted.subarray(0, family === 4 ? IPV4_QUOTE_MAX_LENGTH : IPV6_QUOTE_MAX_LENGTH);
}

/** RFC 4884 section 4: the length counts 32-bit words in octet 5 (IPv4), 64-bit words in octet 4 (IPv6). */
function extended(
  kind: IcmpErrorKind,
  family: Family,
  quoted: Uint8Array,
  structure: Uint8Array,
  lengthOctet: number | undefined,
): IcmpMessage {
  const padded = new Uint8Array(EXTENDED_QUOTE_LENGTH);
  padded.set(quoted.subarray(0, EXTENDED_QUOTE_LENGTH));
  const length = lengthOctet ?? EXTENDED_QUOTE_LENGTH / (family === 4 ? 4 : 8);
  const rest = (kind.rest | (length << (family === 4 ? 16 : 24))) >>> 0;
  return { ...kind, rest, body: concat(padded, structure) };
}

/** The extension structure of these objects. RFC 4884 section 7 */
function structureOf(objects: readonly Uint8Array[], unsummed = false): Uint8Array {
  const octets = concat(Uint8Array.of(2 << 4, 0, 0, 0), ...objects);
  if (!unsummed) new DataView(octets.buffer).setUint16(2, internetChecksum(octets));
  return octets;
}

/** An object: its length, class and type before what it holds. RFC 4884 section 8 */
function encodeObject(number: number, type: number, value: Uint8Array): Uint8Array {
  const length = 4 + value.length;
  return concat(Uint8Array.of(length >> 8, length & 0xff, number, type), value);
}

/** A label stack. RFC 4950 section 4. */
function encodeLabels(labels: LabelStack): Uint8Array {
  const words = new Uint8Array(labels.length * 4);
  const view = new DataView(words.buffer);
  for (const [index, [label, exp, bottom, ttl]] of labels.entries()) {
    view.setUint32(index * 4, ((label << 12) | (exp << 9) | (bottom << 8) | ttl) >>> 0);
  }
  return encodeObject(1, 1, words);
}
