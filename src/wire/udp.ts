/** Encodes and decodes UDP and UDP-Lite headers: the same octets, with coverage in place of length. RFC 768, RFC 3828. */
import { blank, need, setUint16, uint16At } from './bytes.ts';

/** Octets of the header. */
export const UDP_HEADER_LENGTH = 8;
const OFFSET = { sourcePort: 0, destinationPort: 2, lengthOrCoverage: 4, checksum: 6 } as const;

/** The checksum's offset in the header, in octets. */
export const UDP_CHECKSUM_OFFSET = OFFSET.checksum;

/** A UDP or UDP-Lite header. */
export interface UdpHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** UDP: octets of header and data. UDP-Lite: octets that the checksum covers (RFC 3828 section 3.1). */
  readonly lengthOrCoverage: number;
  /** 0 when the sender computed none. RFC 768. */
  readonly checksum: number;
}

/**
 * Decodes the header at the start of `bytes`.
 * @throws WireError when truncated
 */
export function decodeUdp(bytes: Uint8Array): UdpHeader {
  need(bytes, UDP_HEADER_LENGTH, 'UDP');
  return {
    sourcePort: uint16At(bytes, OFFSET.sourcePort),
    destinationPort: uint16At(bytes, OFFSET.destinationPort),
    lengthOrCoverage: uint16At(bytes, OFFSET.lengthOrCoverage),
    checksum: uint16At(bytes, OFFSET.checksum),
  };
}

/** Encodes header and data. The checksum is written as given. */
export function encodeUdp(header: UdpHeader, payload: Uint8Array): Uint8Array {
  const bytes = blank(UDP_HEADER_LENGTH, payload);
  setUint16(bytes, OFFSET.sourcePort, header.sourcePort);
  setUint16(bytes, OFFSET.destinationPort, header.destinationPort);
  setUint16(bytes, OFFSET.lengthOrCoverage, header.lengthOrCoverage);
  setUint16(bytes, OFFSET.checksum, header.checksum);
  return bytes;
}
