/** Requests that a live UDP service answers. A cookie in each tells which probe an answer is for. */
import { setUint16 } from '../../src/wire/bytes.ts';

/** A request of one service. Every octet is fixed but two: the cookie, which the answer gives back. */
export interface UdpRequest {
  /** The request, with a cookie of zero: made at each reading, since most runs never read it. */
  readonly octets: Uint8Array;
  /** The offset of the cookie's 16 bits. */
  readonly cookieOffset: number;
  /** The cookie that an answer gives back; undefined when it answers no such request. */
  answeredCookie(answer: Uint8Array): number | undefined;
}

/** The request with this cookie, 16 bits. */
export function withCookie({ octets, cookieOffset }: UdpRequest, cookie: number): Uint8Array {
  const request = octets.slice();
  setUint16(request, cookieOffset, cookie);
  return request;
}

/** The 16 bits at `offset`; undefined past the end. */
export function uint16Within(octets: Uint8Array, offset: number): number | undefined {
  const [high, low] = octets.subarray(offset, offset + 2);
  return high === undefined || low === undefined ? undefined : (high << 8) | low;
}

/** The octets that these hexadecimal numbers are, which spaces part. */
export function fixed(...hex: readonly string[]): Uint8Array {
  return Uint8Array.from(hex.join(' ').split(' '), (octet) => parseInt(octet, 16));
}
