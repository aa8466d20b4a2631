/** ICMPv6 message codec: ICMP's octets with other types and a pseudo-header. RFC 4443. */
import { setUint16 } from './bytes.ts';
import { transportChecksum, type Endpoints } from './checksum.ts';
import { encodeIcmpBare, type IcmpMessage } from './icmpv4.ts';
import { IP_PROTOCOL } from './ip-protocol.ts';

const CHECKSUM_OFFSET = 2;

/** Message types. RFC 4443 sections 3 and 4. */
export const ICMPV6_TYPE = {
  destinationUnreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  parameterProblem: 4,
  echoRequest: 128,
  echoReply: 129,
} as const;
/** Code of destination unreachable: the port. RFC 4443 section 3.1. */
export const ICMPV6_PORT_UNREACHABLE = 4;
/** Code of parameter problem: unrecognised next header. RFC 4443 section 3.4. */
export const ICMPV6_UNRECOGNISED_NEXT_HEADER = 1;

/** A message with its checksum over the pseudo-header. RFC 4443 section 2.3. */
export function encodeIcmpv6(message: Omit<IcmpMessage, 'checksum'>, endpoints: Endpoints): Uint8Array {
  const bytes = encodeIcmpBare(message);
  const checksum = transportChecksum(endpoints, IP_PROTOCOL.icmpv6, bytes);
  setUint16(bytes, CHECKSUM_OFFSET, checksum);
  return bytes;
}
