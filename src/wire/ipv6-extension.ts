/** Walks the chain of IPv6 extension headers. RFC 8200 section 4. */
import { viewOf } from './bytes.ts';
import { IP_PROTOCOL } from './codes.ts';
import { WireError } from './wire-error.ts';

/** The longest chain that is read: more headers than any sane sender uses. */
const MAX_HEADERS = 16;
/** The headers whose second octet is their length in 8-octet units, less one. RFC 6564 section 4. */
const COUNTED: ReadonlySet<number> = new Set([
  IP_PROTOCOL.hopByHop,
  IP_PROTOCOL.routing,
  IP_PROTOCOL.destinationOptions,
  IP_PROTOCOL.mobility,
]);

/** The transport header that a chain of extension headers leads to. */
export interface TransportStart {
  readonly protocol: number;
  readonly offset: number;
  /** In units of 8 octets. Any but 0 means a later fragment, which holds no transport header. */
  readonly fragmentOffset: number;
}

/**
 * Walks the extension headers that follow an IPv6 header.
 * @param bytes - the octets after the fixed header
 * @param nextHeader - the fixed header's next-header value
 * @throws WireError when the chain is truncated or longer than 16 headers
 */
export function skipExtensionHeaders(bytes: Uint8Array, nextHeader: number): TransportStart {
  let protocol = nextHeader;
  let offset = 0;
  let fragmentOffset = 0;
  for (let count = 0; count <= MAX_HEADERS; count++) {
    // RFC 8200 section 4.5: in a later fragment the header that the fragment header names is absent
    const length = fragmentOffset > 0 ? 0 : extensionLength(bytes.subarray(offset), protocol);
    if (length === 0) return { protocol, offset, fragmentOffset };
    const view = viewOf(bytes.subarray(offset), length, 'IPv6 extension header');
    if (protocol === IP_PROTOCOL.fragment) fragmentOffset = view.getUint16(2) >>> 3;
    protocol = view.getUint8(0);
    offset += length;
  }
  throw new WireError('malformed', 'IPv6 extension header', 0, `more than ${MAX_HEADERS} extension headers`);
}

/** True for the next-header value of an extension header, which another header follows. */
export function isExtensionHeader(nextHeader: number): boolean {
  const others: readonly number[] = [IP_PROTOCOL.fragment, IP_PROTOCOL.authentication];
  return COUNTED.has(nextHeader) || others.includes(nextHeader);
}

/** Octets of the extension header at the start of `bytes`; 0 when `protocol` is none. */
function extensionLength(bytes: Uint8Array, protocol: number): number {
  if (protocol === IP_PROTOCOL.fragment) return 8;
  const authentication = protocol === IP_PROTOCOL.authentication;
  if (!authentication && !COUNTED.has(protocol)) return 0;
  const units = viewOf(bytes, 2, 'IPv6 extension header').getUint8(1);
  // RFC 4302 section 2.2: the authentication header counts 4-octet units, less two
  return authentication ? (units + 2) * 4 : (units + 1) * 8;
}
