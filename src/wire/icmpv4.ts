/** Encodes and decodes ICMP messages. RFC 792. */
import { blank, need, setUint16, setUint32, uint16At, uint32At } from './bytes.ts';
import { internetChecksum } from './checksum.ts';

export { ICMPV4_TYPE, ICMPV4_UNREACHABLE, TTL_EXCEEDED_IN_TRANSIT } from './codes.ts';

/** Octets of the header, in both families. */
export const ICMP_HEADER_LENGTH = 8;
/** Offset of the checksum, in both families. */
export const ICMP_CHECKSUM_OFFSET = 2;
const OFFSET = { type: 0, code: 1, checksum: ICMP_CHECKSUM_OFFSET, rest: 4 } as const;

/** An ICMP or ICMPv6 message: both have the same fields. */
export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
  readonly checksum: number;
  /** The second 32-bit word. The type decides what it means. */
  readonly rest: number;
  /** The octets after the header: the quoted datagram of an error, the data of an echo. */
  readonly body: Uint8Array;
}

/**
 * Decodes the message in `bytes`. The checksum is reported, not verified.
 * @throws WireError when truncated
 */
export function decodeIcmp(bytes: Uint8Array): IcmpMessage {
  need(bytes, ICMP_HEADER_LENGTH, 'ICMP');
  return {
    type: bytes[OFFSET.type] ?? 0,
    code: bytes[OFFSET.code] ?? 0,
    checksum: uint16At(bytes, OFFSET.checksum),
    rest: uint32At(bytes, OFFSET.rest),
    body: bytes.subarray(ICMP_HEADER_LENGTH),
  };
}

/** Encodes a message with a checksum of zero. */
export function encodeIcmpBare(message: Omit<IcmpMessage, 'checksum'>): Uint8Array {
  const bytes = blank(ICMP_HEADER_LENGTH, message.body);
  bytes[OFFSET.type] = message.type;
  bytes[OFFSET.code] = message.code;
  setUint32(bytes, OFFSET.rest, message.rest);
  return bytes;
}

/** Encodes a message with its checksum, which covers no pseudo-header. RFC 792. */
export function encodeIcmpv4(message: Omit<IcmpMessage, 'checksum'>): Uint8Array {
  const bytes = encodeIcmpBare(message);
  setUint16(bytes, OFFSET.checksum, internetChecksum(bytes));
  return bytes;
}
