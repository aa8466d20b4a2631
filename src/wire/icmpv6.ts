/** Encodes ICMPv6 messages: ICMP's octets with other types and a pseudo-header. RFC 4443. */
import { setUint16 } from './bytes.ts';
import { transportChecksum, type AddressPair } from './checksum.ts';
import { encodeIcmpBare, ICMP_CHECKSUM_OFFSET, type IcmpMessage } from './icmpv4.ts';
import { IP_PROTOCOL } from './codes.ts';

export { ICMPV6_PORT_UNREACHABLE, ICMPV6_TYPE, ICMPV6_UNRECOGNISED_NEXT_HEADER } from './codes.ts';

/** Encodes a message with its checksum, which covers the pseudo-header. RFC 4443 section 2.3. */
export function encodeIcmpv6(message: Omit<IcmpMessage, 'checksum'>, endpoints: AddressPair): Uint8Array {
  const bytes = encodeIcmpBare(message);
  const checksum = transportChecksum(endpoints, IP_PROTOCOL.icmpv6, bytes);
  setUint16(bytes, ICMP_CHECKSUM_OFFSET, checksum);
  return bytes;
}
