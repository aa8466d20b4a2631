/** Encodes and decodes IPv6 headers. RFC 8200 section 3. */
import { blank, setUint16, setUint32, viewOf } from './bytes.ts';
import { WireError } from './wire-error.ts';

/** Octets of the fixed header. */
export const IPV6_HEADER_LENGTH = 40;
const OFFSET = {
  versionClassFlow: 0,
  payloadLength: 4,
  nextHeader: 6,
  hopLimit: 7,
  source: 8,
  destination: 24,
} as const;

/** The fields that a sender chooses. */
export interface Ipv6Header {
  /** DSCP and ECN. RFC 3168 section 5. */
  readonly trafficClass: number;
  /** 20 bits. RFC 6437. */
  readonly flowLabel: number;
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

/** A header as received. */
export interface ReceivedIpv6Header extends Ipv6Header {
  /** The length that the header claims. In the quote of an ICMP error it exceeds the octets that are there. */
  readonly payloadLength: number;
}

/**
 * Decodes the header at the start of `bytes`. The caller decodes what follows it.
 * @throws WireError when truncated or of another version
 */
export function decodeIpv6(bytes: Uint8Array): ReceivedIpv6Header {
  const view = viewOf(bytes, IPV6_HEADER_LENGTH, 'IPv6');
  const first = view.getUint32(OFFSET.versionClassFlow);
  if (first >>> 28 !== 6) {
    throw new WireError('malformed', 'IPv6', 0, `version ${first >>> 28}, expected 6`);
  }
  return {
    trafficClass: (first >>> 20) & 0xff,
    flowLabel: first & 0xfffff,
    payloadLength: view.getUint16(OFFSET.payloadLength),
    nextHeader: view.getUint8(OFFSET.nextHeader),
    hopLimit: view.getUint8(OFFSET.hopLimit),
    source: bytes.subarray(OFFSET.source, OFFSET.source + 16),
    destination: bytes.subarray(OFFSET.destination, OFFSET.destination + 16),
  };
}

/** Encodes a whole datagram: header and payload. */
export function encodeIpv6(header: Ipv6Header, payload: Uint8Array): Uint8Array {
  const bytes = blank(IPV6_HEADER_LENGTH, payload);
  setUint32(bytes, OFFSET.versionClassFlow, (6 << 28) | (header.trafficClass << 20) | header.flowLabel);
  setUint16(bytes, OFFSET.payloadLength, payload.length);
  bytes[OFFSET.nextHeader] = header.nextHeader;
  bytes[OFFSET.hopLimit] = header.hopLimit;
  bytes.set(header.source, OFFSET.source);
  bytes.set(header.destination, OFFSET.destination);
  return bytes;
}
