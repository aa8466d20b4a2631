/** Encodes and decodes TCP headers. RFC 9293 section 3.1. */
import { blank, need, setUint16, setUint32, viewOf } from './bytes.ts';
import { WireError } from './wire-error.ts';

export { TCP_FLAG } from './codes.ts';

/** Octets of a header without options. */
export const TCP_HEADER_LENGTH = 20;
const OFFSET = {
  sourcePort: 0,
  destinationPort: 2,
  sequenceNumber: 4,
  acknowledgment: 8,
  dataOffset: 12,
  flags: 13,
  window: 14,
  checksum: 16,
  urgentPointer: 18,
} as const;

/** The checksum's offset in the header, in octets. */
export const TCP_CHECKSUM_OFFSET = OFFSET.checksum;

/** A header without its options and urgent pointer. RFC 9293 section 3.1. */
export interface TcpHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequenceNumber: number;
  readonly acknowledgment: number;
  readonly flags: number;
  readonly window: number;
  readonly checksum: number;
}

/** The ports and the sequence number: the 8 octets that RFC 792 guarantees in a quote hold no more. */
export type TcpStart = Pick<TcpHeader, 'sourcePort' | 'destinationPort' | 'sequenceNumber'>;

/**
 * Decodes the first 8 octets of a header.
 * @throws WireError when truncated
 */
export function decodeTcpStart(bytes: Uint8Array): TcpStart {
  const view = viewOf(bytes, 8, 'TCP');
  return {
    sourcePort: view.getUint16(OFFSET.sourcePort),
    destinationPort: view.getUint16(OFFSET.destinationPort),
    sequenceNumber: view.getUint32(OFFSET.sequenceNumber),
  };
}

/**
 * Decodes the header at the start of `bytes` and skips its options.
 * @throws WireError when truncated, or with a data offset below 20 octets
 */
export function decodeTcp(bytes: Uint8Array): TcpHeader {
  const view = viewOf(bytes, TCP_HEADER_LENGTH, 'TCP');
  const headerLength = (view.getUint8(OFFSET.dataOffset) >> 4) * 4;
  if (headerLength < TCP_HEADER_LENGTH) {
    throw new WireError('malformed', 'TCP', OFFSET.dataOffset, `data offset ${headerLength} is below 20`);
  }
  need(bytes, headerLength, 'TCP');
  return {
    ...decodeTcpStart(bytes),
    acknowledgment: view.getUint32(OFFSET.acknowledgment),
    flags: view.getUint8(OFFSET.flags),
    window: view.getUint16(OFFSET.window),
    checksum: view.getUint16(OFFSET.checksum),
  };
}

/** One option. RFC 9293 section 3.1 */
export interface TcpOption {
  readonly kind: number;
  /** What follows its kind and its length. */
  readonly data: Uint8Array;
}

const OPTION = { end: 0, noOperation: 1 } as const;

/**
 * Decodes the options of the header at the start of `bytes`, those of one octet too, up to the first that is malformed.
 * @throws WireError when the header is truncated or malformed
 */
export function tcpOptions(bytes: Uint8Array): readonly TcpOption[] {
  decodeTcp(bytes);
  const octets = bytes.subarray(TCP_HEADER_LENGTH, ((bytes[OFFSET.dataOffset] ?? 0) >> 4) * 4);
  const options: TcpOption[] = [];
  for (let at = 0; at < octets.length;) {
    const kind = octets[at] ?? OPTION.end;
    const length = optionLength(octets, at, kind);
    if (length === undefined) break;
    options.push({ kind, data: octets.subarray(Math.min(at + 2, at + length), at + length) });
    at = kind === OPTION.end ? octets.length : at + length;
  }
  return options;
}

/** The octets of an option, its kind and length included; undefined where the header has no room for so many. */
function optionLength(octets: Uint8Array, at: number, kind: number): number | undefined {
  if (kind === OPTION.end || kind === OPTION.noOperation) return 1;
  const length = octets[at + 1] ?? 0;
  return length < 2 || at + length > octets.length ? undefined : length;
}

/** Encodes a header without options, and data. The checksum is written as given. */
export function encodeTcp(header: TcpHeader, payload: Uint8Array): Uint8Array {
  const bytes = blank(TCP_HEADER_LENGTH, payload);
  setUint16(bytes, OFFSET.sourcePort, header.sourcePort);
  setUint16(bytes, OFFSET.destinationPort, header.destinationPort);
  setUint32(bytes, OFFSET.sequenceNumber, header.sequenceNumber);
  setUint32(bytes, OFFSET.acknowledgment, header.acknowledgment);
  bytes[OFFSET.dataOffset] = (TCP_HEADER_LENGTH / 4) << 4;
  bytes[OFFSET.flags] = header.flags;
  setUint16(bytes, OFFSET.window, header.window);
  setUint16(bytes, OFFSET.checksum, header.checksum);
  return bytes;
}
