/** Decodes the part of our datagram that an ICMP error quotes. RFC 792, RFC 1812 section 4.3.2.3, RFC 4443 section 2.4. */
import { decodeIpv4 } from './ipv4.ts';
import { decodeIpv6, IPV6_HEADER_LENGTH } from './ipv6.ts';
import { skipExtensionHeaders } from './ipv6-extension.ts';
import { WireError } from './wire-error.ts';

/** Offset of flags and fragment offset. RFC 791 section 3.1. */
const FRAGMENT_FIELD = 6;
/** The upper bits of the fragment offset, where its octets are swapped. */
const SWAPPED_OFFSET = 0x1f;

/** A quoted datagram: the fields that both families have, and the quoted octets. */
export interface QuotedDatagram {
  /** All quoted octets, from the IP header on. */
  readonly octets: Uint8Array;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** The protocol of the transport header. */
  readonly protocol: number;
  /** TOS octet or traffic class. */
  readonly tos: number;
  /** The TTL or hop limit that the datagram had when it died. */
  readonly ttl: number;
  /** IPv4 only. */
  readonly identification?: number;
  /** The quoted octets from the transport header on. RFC 792 guarantees 8, though some routers quote fewer. */
  readonly transport: Uint8Array;
}

/**
 * Decodes the datagram quoted in an ICMP or ICMPv6 error.
 * @throws WireError when truncated before the transport header, malformed, or a later fragment
 */
export function decodeQuotedDatagram(family: 4 | 6, octets: Uint8Array): QuotedDatagram {
  return family === 4 ? decodeQuotedIpv4(octets) : decodeQuotedIpv6(octets);
}

function decodeQuotedIpv4(octets: Uint8Array): QuotedDatagram {
  const header = decodeIpv4(octets);
  if (!isSwapped(octets)) refuseLaterFragment('IPv4', FRAGMENT_FIELD, header.fragmentOffset);
  const { source, destination, protocol, tos, ttl, identification } = header;
  const transport = octets.subarray(header.headerLength);
  return { octets, source, destination, protocol, tos, ttl, identification, transport };
}

/**
 * True where flags and fragment offset can be those of a whole datagram or a first fragment in the wrong order of octets:
 * old BSD kernels quote them as they had turned them for themselves.
 */
function isSwapped(octets: Uint8Array): boolean {
  return octets[FRAGMENT_FIELD] === 0 && ((octets[FRAGMENT_FIELD + 1] ?? 0) & SWAPPED_OFFSET) === 0;
}

function decodeQuotedIpv6(octets: Uint8Array): QuotedDatagram {
  const { source, destination, nextHeader, trafficClass, hopLimit } = decodeIpv6(octets);
  const rest = octets.subarray(IPV6_HEADER_LENGTH);
  const { protocol, offset, fragmentOffset } = skipExtensionHeaders(rest, nextHeader);
  refuseLaterFragment('IPv6 fragment header', 2, fragmentOffset);
  const transport = rest.subarray(offset);
  return { octets, source, destination, protocol, tos: trafficClass, ttl: hopLimit, transport };
}

function refuseLaterFragment(header: string, offset: number, fragmentOffset: number): void {
  if (fragmentOffset === 0) return;
  throw new WireError('malformed', header, offset, `data from ${fragmentOffset * 8} on, no transport header`);
}
