/**
 * The discovery of an SNMPv3 engine: an empty request in nobody's name. Agents answer it with a report, whatever
 * communities and users they have. RFC 3414 section 4, RFC 3412 section 6.
 */
import { fixed, uint16Within, type UdpRequest } from './request.ts';

/** The message ID: an INTEGER of 4 octets, "pt" and the cookie. */
const MESSAGE_ID = [0x02, 0x04, 0x70, 0x74] as const;
/** Past the headers of message, version and global data. */
const COOKIE_OFFSET = 11;

/** The request; its cookie ends the message ID. */
export const snmpDiscovery: UdpRequest = {
  get octets() {
    return fixed(
      '30 3c', // SNMPv3Message
      '02 01 03', // version 3
      '30 11', // msgGlobalData
      '02 04 70 74 00 00', // msgID, with the cookie
      '02 03 00 ff e3', // msgMaxSize
      '04 01 04', // msgFlags: reportable, without authentication and privacy
      '02 01 03', // msgSecurityModel: user-based
      '04 10', // msgSecurityParameters
      '30 0e 04 00 02 01 00 02 01 00 04 00 04 00 04 00', // no engine, no boots, no time, no user
      '30 12 04 00 04 00', // ScopedPDU without context
      'a0 0c 02 02 00 01 02 01 00 02 01 00 30 00', // GetRequest of nothing
    );
  },
  cookieOffset: COOKIE_OFFSET,
  answeredCookie(answer) {
    // the agent chooses the lengths of what comes before, so only its value finds it
    const at = answer.findIndex((_, start) =>
      MESSAGE_ID.every((octet, index) => answer[start + index] === octet),
    );
    return at < 0 ? undefined : uint16Within(answer, at + MESSAGE_ID.length);
  },
};
