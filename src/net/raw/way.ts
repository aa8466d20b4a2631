/** Ways by which a raw socket can send a datagram. */
import type { Family } from '../../model/address.ts';
import type { TransportError } from '../../model/errors.ts';
import { MSG, SOL, IP, IPV6 } from '../linux/constants.ts';
import { littleEndian32 } from '../linux/integers.ts';
import { encodeControls, type Control } from '../linux/send-message.ts';

/** Where the kernel sends a datagram, and what it is told besides. */
interface Steering {
  /** The address that the kernel looks for: the destination or the next hop, 4 or 16 octets. The header keeps its own. */
  readonly address: Uint8Array;
  readonly scopeId: number;
  /** IPv6: the protocol to route by, in the place of the port. */
  readonly port: number;
  readonly control: Uint8Array;
  readonly flags: number;
}

/** Send it as it is, or send it so. `isAstray`: the way of the flow, in words, where this is another one. */
export type SendableWay = (
  { readonly kind: 'bare' } | { readonly kind: 'told' | 'steered'; readonly steering: Steering }
) & { readonly isAstray?: string };

/** What to do with a datagram: send it, or tell the error that a socket of its flow would get. */
export type Way = SendableWay | { readonly kind: 'refused'; readonly error: TransportError };

/** What a plain send is told, so that the kernel routes by it: a raw socket's own header is not looked at. */
export interface Told {
  readonly family: Family;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly scopeId: number;
  readonly protocol: number;
  readonly tos: number;
}

const IPV6_ANY = new Uint8Array(16);
const IPV4_ANY = new Uint8Array(4);
/** All nodes of a link: on one without neighbours any address will do. RFC 4291 section 2.7.1 */
const ALL_NODES = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

/** Has the kernel route by source, protocol and TOS, as it does for a socket that has these. */
export function told({ family, source, destination, scopeId, protocol, tos }: Told): SendableWay {
  const controls: readonly Control[] =
    family === 4
      ? [
          packetInfo(4, 0, source),
          [SOL.IP, IP.PROTOCOL, littleEndian32(protocol)],
          [SOL.IP, IP.TOS, littleEndian32(tos)],
        ]
      : [packetInfo(6, scopeId, source), [SOL.IPV6, IPV6.TCLASS, littleEndian32(tos)]];
  const port = family === 4 ? 0 : protocol;
  const control = encodeControls(controls);
  return { kind: 'told', steering: { address: destination, scopeId, port, control, flags: 0 } };
}

/**
 * Sends by an interface to a next hop, or to a destination on its link, whatever the routes say. IPv4 must be kept from
 * routing the next hop's address: it may find another way to it.
 */
export function steered(family: Family, nextHop: Uint8Array, outInterface: number): Way {
  const [any, flags] = family === 4 ? [IPV4_ANY, MSG.DONTROUTE] : [IPV6_ANY, 0];
  const control = encodeControls([packetInfo(family, outInterface, any)]);
  const scopeId = family === 6 && isLinkLocal(nextHop) ? outInterface : 0;
  return { kind: 'steered', steering: { address: nextHop, scopeId, port: 0, control, flags } };
}

/** Sends IPv6 by an interface that has no neighbours, such as a tunnel. */
export function throughTunnel(source: Uint8Array, outInterface: number): Way {
  const control = encodeControls([packetInfo(6, outInterface, source)]);
  return {
    kind: 'steered',
    steering: { address: ALL_NODES, scopeId: outInterface, port: 0, control, flags: 0 },
  };
}

/** struct in_pktinfo and in6_pktinfo: the interface and the source by which to route. ip(7), RFC 3542 section 6 */
function packetInfo(family: Family, outInterface: number, source: Uint8Array): Control {
  const index = littleEndian32(outInterface);
  if (family === 4) return [SOL.IP, IP.PKTINFO, Uint8Array.of(...index, ...source, 0, 0, 0, 0)];
  return [SOL.IPV6, IPV6.PKTINFO, Uint8Array.of(...source, ...index)];
}

/** fe80::/10. RFC 4291 section 2.5.6 */
function isLinkLocal(address: Uint8Array): boolean {
  return address[0] === 0xfe && ((address[1] ?? 0) & 0xc0) === 0x80;
}
