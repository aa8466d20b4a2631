/** Cuts datagrams into fragments. RFC 791 section 3.2, RFC 8200 section 4.5 */
import { concat, setUint16, setUint32 } from './bytes.ts';
import { IP_PROTOCOL } from './codes.ts';
import { decodeIpv4, encodeIpv4 } from './ipv4.ts';
import { decodeIpv6, encodeIpv6, IPV6_HEADER_LENGTH } from './ipv6.ts';

/** Offsets count in units of so many octets, so that all fragments but the last hold a multiple of it. */
const UNIT = 8;
const FRAGMENT_HEADER_LENGTH = 8;
const FRAGMENT_OFFSET = { nextHeader: 0, offsetAndMore: 2, identification: 4 } as const;
const MORE_FRAGMENTS = 1;
/** Linux gives a datagram of identification 0 one of its own choice, and each fragment another one. raw(7) */
const INSTEAD_OF_ZERO = 0xffff;

/**
 * Cuts an IPv4 datagram. Its options go into each fragment, as a source route has to.
 * @param datagram - whole, its header first
 * @param mtu - octets of the longest fragment: 68 or more. RFC 791 section 3.2
 * @throws WireError when the header cannot be read
 */
export function fragmentIpv4(datagram: Uint8Array, mtu: number): Uint8Array[] {
  const header = decodeIpv4(datagram);
  const identification = header.identification || INSTEAD_OF_ZERO;
  const payload = datagram.subarray(header.headerLength);
  return cut(payload, mtu - header.headerLength, (part, at, moreFragments) =>
    encodeIpv4({ ...header, identification, moreFragments, fragmentOffset: at / UNIT }, part),
  );
}

/**
 * Cuts an IPv6 datagram that has no extension headers, as its source does.
 * @param datagram - whole, its header first
 * @param mtu - octets of the longest fragment: 1280 or more. RFC 8200 section 5
 * @param identification - 32 bits, which no one should guess. RFC 7739
 * @throws WireError when the header cannot be read
 */
export function fragmentIpv6(datagram: Uint8Array, mtu: number, identification: number): Uint8Array[] {
  const header = decodeIpv6(datagram);
  const payload = datagram.subarray(IPV6_HEADER_LENGTH);
  const room = mtu - IPV6_HEADER_LENGTH - FRAGMENT_HEADER_LENGTH;
  return cut(payload, room, (part, at, moreFragments) => {
    const fragment = new Uint8Array(FRAGMENT_HEADER_LENGTH);
    fragment[FRAGMENT_OFFSET.nextHeader] = header.nextHeader;
    setUint16(fragment, FRAGMENT_OFFSET.offsetAndMore, at | (moreFragments ? MORE_FRAGMENTS : 0));
    setUint32(fragment, FRAGMENT_OFFSET.identification, identification);
    return encodeIpv6({ ...header, nextHeader: IP_PROTOCOL.fragment }, concat(fragment, part));
  });
}

/** Makes a fragment of each part of the payload, the first one first. @param room - octets of payload in a fragment */
function cut(
  payload: Uint8Array,
  room: number,
  make: (part: Uint8Array, at: number, moreFragments: boolean) => Uint8Array,
): Uint8Array[] {
  const step = Math.max(UNIT, room - (room % UNIT));
  const count = Math.max(1, Math.ceil(payload.length / step));
  return Array.from({ length: count }, (_, index) => {
    const at = index * step;
    return make(payload.subarray(at, at + step), at, index < count - 1);
  });
}
