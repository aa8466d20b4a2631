/** Encodes and decodes SCTP packets: common header and chunk headers. RFC 9260 section 3. */
import { blank, concat, need, setUint16, setUint32, viewOf } from './bytes.ts';
import { crc32c } from './crc32c.ts';
import { WireError } from './wire-error.ts';

/** Octets of the common header. */
export const SCTP_HEADER_LENGTH = 12;
/** Octets of a chunk's header. */
export const SCTP_CHUNK_HEADER_LENGTH = 4;
const OFFSET = { sourcePort: 0, destinationPort: 2, verificationTag: 4, checksum: 8 } as const;
const CHUNK_OFFSET = { type: 0, flags: 1, length: 2 } as const;

/** Chunk types. RFC 9260 section 3.2; PAD from RFC 4820 section 3. */
export const SCTP_CHUNK = {
  init: 1,
  initAck: 2,
  abort: 6,
  shutdownAck: 8,
  shutdownComplete: 14,
  pad: 0x84,
} as const;

/** The common header without its checksum. RFC 9260 section 3.1. */
export interface SctpHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** 32 bits. */
  readonly verificationTag: number;
}

/** One chunk. RFC 9260 section 3.2. */
export interface SctpChunk {
  readonly type: number;
  readonly flags: number;
  /** The octets after the chunk's header. */
  readonly value: Uint8Array;
}

/**
 * Decodes the first 8 octets of the common header: no more is sure to be in the quote of an ICMP error.
 * @throws WireError when truncated
 */
export function decodeSctpStart(bytes: Uint8Array): SctpHeader {
  const view = viewOf(bytes, 8, 'SCTP');
  return {
    sourcePort: view.getUint16(OFFSET.sourcePort),
    destinationPort: view.getUint16(OFFSET.destinationPort),
    verificationTag: view.getUint32(OFFSET.verificationTag),
  };
}

/**
 * Decodes the first chunk of a packet.
 * @throws WireError when truncated, or with a chunk length below 4
 */
export function decodeSctpFirstChunk(bytes: Uint8Array): SctpChunk {
  need(bytes, SCTP_HEADER_LENGTH, 'SCTP');
  const chunk = bytes.subarray(SCTP_HEADER_LENGTH);
  const view = viewOf(chunk, SCTP_CHUNK_HEADER_LENGTH, 'SCTP chunk');
  const length = view.getUint16(CHUNK_OFFSET.length);
  if (length < SCTP_CHUNK_HEADER_LENGTH) {
    throw new WireError('malformed', 'SCTP chunk', CHUNK_OFFSET.length, `length ${length} is below 4`);
  }
  need(chunk, length, 'SCTP chunk');
  return {
    type: view.getUint8(CHUNK_OFFSET.type),
    flags: view.getUint8(CHUNK_OFFSET.flags),
    value: chunk.subarray(SCTP_CHUNK_HEADER_LENGTH, length),
  };
}

/** Encodes one chunk. Its `value` must be a multiple of 4 octets. */
export function encodeSctpChunk({ type, flags, value }: SctpChunk): Uint8Array {
  const bytes = blank(SCTP_CHUNK_HEADER_LENGTH, value);
  bytes[CHUNK_OFFSET.type] = type;
  bytes[CHUNK_OFFSET.flags] = flags;
  setUint16(bytes, CHUNK_OFFSET.length, SCTP_CHUNK_HEADER_LENGTH + value.length);
  return bytes;
}

/**
 * Encodes a whole packet.
 * @param checksum - false leaves the checksum 0; it goes out least significant octet first (RFC 9260 appendix A)
 */
export function encodeSctp(header: SctpHeader, chunks: readonly Uint8Array[], checksum: boolean): Uint8Array {
  const bytes = blank(SCTP_HEADER_LENGTH, concat(...chunks));
  setUint16(bytes, OFFSET.sourcePort, header.sourcePort);
  setUint16(bytes, OFFSET.destinationPort, header.destinationPort);
  setUint32(bytes, OFFSET.verificationTag, header.verificationTag);
  if (checksum) viewOf(bytes, SCTP_HEADER_LENGTH, 'SCTP').setUint32(OFFSET.checksum, crc32c(bytes), true);
  return bytes;
}
