/** Requests that a live UDP service answers, and by which an answer tells the probe that it answers. */
import { setUint16 } from '../../src/wire/bytes.ts';

/** A request of one service. Every octet is fixed save two, its cookie, which the answer gives back. */
export interface UdpRequest {
  /** With a cookie of zero. */
  readonly octets: Uint8Array;
  /** Where the cookie's 16 bits are. */
  readonly cookieOffset: number;
  /** The cookie that an answer gives back, or undefined when it is no answer to this request. */
  answeredCookie(answer: Uint8Array): number | undefined;
}

/** The request with this cookie, 16 bits. */
export function withCookie({ octets, cookieOffset }: UdpRequest, cookie: number): Uint8Array {
  const request = octets.slice();
  setUint16(request, cookieOffset, cookie);
  return request;
}

/** 16 bits at `offset`; undefined past the end. */
export function uint16At(octets: Uint8Array, offset: number): number | undefined {
  const [high, low] = octets.subarray(offset, offset + 2);
  return high === undefined || low === undefined ? undefined : (high << 8) | low;
}

/** Octets from hexadecimal digits, with spaces between them. */
export function fixed(...hex: readonly string[]): Uint8Array {
  return Uint8Array.from(hex.join(' ').split(' '), (octet) => parseInt(octet, 16));
}
