/** A STUN binding request. RFC 8489 section 5. */
import { fixed, uint16Within, type UdpRequest } from './request.ts';

/** Success and error responses of the method Binding. RFC 8489 section 18.1. */
const RESPONSES: readonly (number | undefined)[] = [0x0101, 0x0111];
/** The last two octets of the transaction ID. */
const COOKIE_OFFSET = 18;

/** The request; its cookie ends the transaction ID. */
export const stunRequest: UdpRequest = {
  get octets() {
    return fixed(
      '00 01', // binding request
      '00 00', // no attributes
      '21 12 a4 42', // magic cookie
      '70 6f 6c 79 74 72 61 63 65 2e 00 00', // transaction ID: "polytrace." and the cookie
    );
  },
  cookieOffset: COOKIE_OFFSET,
  answeredCookie(answer) {
    return RESPONSES.includes(uint16Within(answer, 0)) ? uint16Within(answer, COOKIE_OFFSET) : undefined;
  },
};
