/** A QUIC long-header packet of a version that no server has, which provokes version negotiation. RFC 9000 section 6. */
import { fixed, uint16Within, type UdpRequest } from './request.ts';

/** A server need not answer what is too short for an Initial packet. RFC 9000 section 14.1. */
const LENGTH = 1200;
const LONG_HEADER = 0x80;
/** The last two octets of the source connection ID. The answer has that as its destination's. RFC 8999 section 6. */
const COOKIE_OFFSET = 21;
const ANSWER = { version: 1, connectionIdLength: 5, cookie: 12 } as const;
const CONNECTION_ID_LENGTH = 8;

/** The packet; its cookie ends the source connection ID. */
export const quicProvocation: UdpRequest = {
  get octets() {
    const packet = new Uint8Array(LENGTH);
    packet.set(
      fixed(
        'c0', // long header
        '1a 2a 3a 4a', // a version reserved for provoking negotiation. RFC 9000 section 15
        '08 70 6f 6c 79 74 72 61 63', // destination connection ID
        '08 70 6f 6c 79 74 72 00 00', // source connection ID, with the cookie
      ),
    );
    return packet;
  },
  cookieOffset: COOKIE_OFFSET,
  answeredCookie(answer) {
    const isLong = ((answer[0] ?? 0) & LONG_HEADER) !== 0;
    // version 0 says that this is version negotiation. RFC 8999 section 6
    const version = answer.subarray(ANSWER.version, ANSWER.connectionIdLength);
    const isNegotiation = isLong && version.every((octet) => octet === 0);
    return isNegotiation && answer[ANSWER.connectionIdLength] === CONNECTION_ID_LENGTH
      ? uint16Within(answer, ANSWER.cookie)
      : undefined;
  },
};
