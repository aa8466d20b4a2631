/** Encodes and decodes IPv4 headers. RFC 791 section 3.1. */
import { blank, need, setUint16, uint16At } from './bytes.ts';
import { internetChecksum } from './checksum.ts';
import { WireError } from './wire-error.ts';

/** Octets of a header without options. */
export const IPV4_HEADER_LENGTH = 20;
/** The most octets of options: the header's length is 4 bits of 4-octet words, so 60 octets at most. RFC 791 section 3.1. */
export const IPV4_OPTIONS_MAX_LENGTH = 40;
const OFFSET = {
  versionAndLength: 0,
  tos: 1,
  totalLength: 2,
  identification: 4,
  flagsAndFragmentOffset: 6,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
} as const;
const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const FRAGMENT_OFFSET = 0x1fff;
/** The options of a header that has none. */
export const NO_OPTIONS = new Uint8Array(0);

/** The fields that a sender chooses. */
export interface Ipv4Header {
  /** The whole TOS octet: DSCP and ECN. RFC 3168 section 5. */
  readonly tos: number;
  readonly identification: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** In units of 8 octets. */
  readonly fragmentOffset: number;
  readonly ttl: number;
  readonly protocol: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** The octets between the fixed header and the payload, a multiple of 4. */
  readonly options: Uint8Array;
}

/** A header as received. The fields that a sender derives are reported, not trusted. */
export interface ReceivedIpv4Header extends Ipv4Header {
  readonly headerLength: number;
  /** The length that the header claims. In the quote of an ICMP error it exceeds the octets that are there. */
  readonly totalLength: number;
  readonly checksum: number;
}

/**
 * Decodes the header at the start of `bytes`. The caller decodes what follows it.
 * @throws WireError when truncated, of another version, or with a header length below 20
 */
export function decodeIpv4(bytes: Uint8Array): ReceivedIpv4Header {
  need(bytes, IPV4_HEADER_LENGTH, 'IPv4');
  const versionAndLength = bytes[OFFSET.versionAndLength] ?? 0;
  if (versionAndLength >> 4 !== 4) {
    throw new WireError('malformed', 'IPv4', 0, `version ${versionAndLength >> 4}, expected 4`);
  }
  const headerLength = (versionAndLength & 0x0f) * 4;
  if (headerLength < IPV4_HEADER_LENGTH) {
    throw new WireError('malformed', 'IPv4', 0, `header length ${headerLength} is below 20`);
  }
  need(bytes, headerLength, 'IPv4');
  const fragment = uint16At(bytes, OFFSET.flagsAndFragmentOffset);
  return {
    headerLength,
    tos: bytes[OFFSET.tos] ?? 0,
    totalLength: uint16At(bytes, OFFSET.totalLength),
    identification: uint16At(bytes, OFFSET.identification),
    dontFragment: (fragment & DONT_FRAGMENT) !== 0,
    moreFragments: (fragment & MORE_FRAGMENTS) !== 0,
    fragmentOffset: fragment & FRAGMENT_OFFSET,
    ttl: bytes[OFFSET.ttl] ?? 0,
    protocol: bytes[OFFSET.protocol] ?? 0,
    checksum: uint16At(bytes, OFFSET.checksum),
    source: bytes.subarray(OFFSET.source, OFFSET.source + 4),
    destination: bytes.subarray(OFFSET.destination, OFFSET.destination + 4),
    options:
      headerLength === IPV4_HEADER_LENGTH ? NO_OPTIONS : bytes.subarray(IPV4_HEADER_LENGTH, headerLength),
  };
}

type Fragment = Pick<Ipv4Header, 'moreFragments' | 'fragmentOffset'>;

/**
 * Encodes a whole datagram: the header with its checksum, and the payload. Without the members of a fragment the datagram
 * is not fragmented. `options` must be a multiple of 4 octets.
 */
export function encodeIpv4(
  header: Omit<Ipv4Header, keyof Fragment> & Partial<Fragment>,
  payload: Uint8Array,
): Uint8Array {
  const headerLength = IPV4_HEADER_LENGTH + header.options.length;
  const bytes = blank(headerLength, payload);
  bytes[OFFSET.versionAndLength] = 0x40 | (headerLength / 4);
  bytes[OFFSET.tos] = header.tos;
  setUint16(bytes, OFFSET.totalLength, headerLength + payload.length);
  setUint16(bytes, OFFSET.identification, header.identification);
  setUint16(
    bytes,
    OFFSET.flagsAndFragmentOffset,
    (header.dontFragment ? DONT_FRAGMENT : 0) |
      (header.moreFragments ? MORE_FRAGMENTS : 0) |
      (header.fragmentOffset ?? 0),
  );
  bytes[OFFSET.ttl] = header.ttl;
  bytes[OFFSET.protocol] = header.protocol;
  bytes.set(header.source, OFFSET.source);
  bytes.set(header.destination, OFFSET.destination);
  bytes.set(header.options, IPV4_HEADER_LENGTH);
  setUint16(bytes, OFFSET.checksum, internetChecksum(bytes, headerLength));
  return bytes;
}
