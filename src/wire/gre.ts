/** The enhanced GRE header of PPTP. RFC 2637 section 4.1. */
import { blank, setUint16, viewOf } from './bytes.ts';

/** Octets of the header without its optional numbers. */
export const GRE_HEADER_LENGTH = 8;
const OFFSET = { flagsAndVersion: 0, protocolType: 2, payloadLength: 4, callId: 6 } as const;
/** Key present, version 1. RFC 2637 section 4.1. */
export const GRE_PPTP_FLAGS = 0x2001;
/** Protocol type of PPP within GRE. RFC 2637 section 4.1. */
export const GRE_PPTP_PROTOCOL = 0x880b;

/** The header's fields, 16 bits each. */
export interface GreHeader {
  readonly flagsAndVersion: number;
  readonly protocolType: number;
  /** Octets after the header. */
  readonly payloadLength: number;
  readonly callId: number;
}

/**
 * Decodes the header at the start of `bytes`.
 * @throws WireError when truncated
 */
export function decodeGre(bytes: Uint8Array): GreHeader {
  const view = viewOf(bytes, GRE_HEADER_LENGTH, 'GRE');
  return {
    flagsAndVersion: view.getUint16(OFFSET.flagsAndVersion),
    protocolType: view.getUint16(OFFSET.protocolType),
    payloadLength: view.getUint16(OFFSET.payloadLength),
    callId: view.getUint16(OFFSET.callId),
  };
}

/** Encodes header and payload. */
export function encodeGre(header: GreHeader, payload: Uint8Array): Uint8Array {
  const bytes = blank(GRE_HEADER_LENGTH, payload);
  setUint16(bytes, OFFSET.flagsAndVersion, header.flagsAndVersion);
  setUint16(bytes, OFFSET.protocolType, header.protocolType);
  setUint16(bytes, OFFSET.payloadLength, header.payloadLength);
  setUint16(bytes, OFFSET.callId, header.callId);
  return bytes;
}
