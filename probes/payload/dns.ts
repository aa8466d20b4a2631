/** A DNS query for the root's name servers. RFC 1035 section 4.1. */
import { fixed, uint16Within, type UdpRequest } from './request.ts';

/** QR: the message is a response. */
const RESPONSE = 0x80;
const FLAGS_OFFSET = 2;

/** The query; its cookie is the message ID. */
export const dnsQuery: UdpRequest = {
  get octets() {
    return fixed(
      '00 00', // ID: the cookie
      '01 00', // RD: recursion desired
      '00 01 00 00 00 00 00 00', // one question
      '00 00 02 00 01', // the root, NS, IN
    );
  },
  cookieOffset: 0,
  answeredCookie(answer) {
    return (answer[FLAGS_OFFSET] ?? 0) & RESPONSE ? uint16Within(answer, 0) : undefined;
  },
};
