/** An NTP client request. RFC 5905 section 7.3. */
import { uint16Within, type UdpRequest } from './request.ts';

const LENGTH = 48;
/** Leap indicator 0, version 4, mode 3: client. */
const CLIENT = 0x23;
const MODE_MASK = 0x07;
const SERVER_MODE = 4;
/** The last two octets of the transmit timestamp. The server returns that as the origin timestamp. */
const COOKIE_OFFSET = 46;
const ORIGIN_COOKIE_OFFSET = 30;

const octets = new Uint8Array(LENGTH);
octets[0] = CLIENT;

/** The request; its cookie ends the transmit timestamp. */
export const ntpRequest: UdpRequest = {
  octets,
  cookieOffset: COOKIE_OFFSET,
  answeredCookie(answer) {
    return ((answer[0] ?? 0) & MODE_MASK) === SERVER_MODE
      ? uint16Within(answer, ORIGIN_COOKIE_OFFSET)
      : undefined;
  },
};
