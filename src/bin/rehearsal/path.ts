/** The path of the rehearsal: two routers and a target that answer every IPv4 probe at once, by ICMP. */
import { octetsOf } from '../../model/address.ts';
import { encodeIcmpv4, ICMPV4_TYPE, ICMPV4_UNREACHABLE, TTL_EXCEEDED_IN_TRANSIT } from '../../wire/icmpv4.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
import { decodeIpv4, encodeIpv4, IPV4_HEADER_LENGTH } from '../../wire/ipv4.ts';

/** The machine that probes. Like all addresses here, one of documentation: RFC 5737. */
export const SOURCE = '192.0.2.2';
/** What it traces to. */
export const TARGET = '198.51.100.7';
const ROUTERS = ['192.0.2.1', '203.0.113.1'];

/** TTL of a new datagram. RFC 1700, page 64 */
const DEFAULT_TTL = 64;
/** Octets of a transport header that an error quotes. RFC 792 */
const QUOTED_LENGTH = 8;

/** An answer as it arrives. */
export interface Answer {
  /** Who sends it: 4 octets. */
  readonly responder: Uint8Array;
  readonly ttl: number;
  /** From the IP header on. */
  readonly octets: Uint8Array;
}

/**
 * What the path answers to a probe: time exceeded from a router, else port unreachable from the target.
 * @param probe - from the IP header on
 * @throws WireError when the probe has no IPv4 header
 */
export function answerTo(probe: Uint8Array): Answer {
  const { ttl: hop, source, destination } = decodeIpv4(probe);
  const router = ROUTERS[hop - 1];
  const responder = router === undefined ? destination.slice() : octetsOf(router);
  const message = encodeIcmpv4({
    type: router === undefined ? ICMPV4_TYPE.destinationUnreachable : ICMPV4_TYPE.timeExceeded,
    code: router === undefined ? ICMPV4_UNREACHABLE.port : TTL_EXCEEDED_IN_TRANSIT,
    rest: 0,
    body: probe.slice(0, IPV4_HEADER_LENGTH + QUOTED_LENGTH),
  });
  const ttl = DEFAULT_TTL - Math.min(hop - 1, ROUTERS.length);
  const header = { tos: 0, identification: 0, dontFragment: false, options: new Uint8Array(0) };
  const addresses = { source: responder, destination: source };
  return {
    responder,
    ttl,
    octets: encodeIpv4({ ...header, ...addresses, ttl, protocol: IP_PROTOCOL.icmp }, message),
  };
}
