/** Reads what the kernel answers to RTM_GETROUTE. rtnetlink(7), linux/rtnetlink.h */
import { uint32Of } from './integers.ts';
import { attributesOf, errnoOf, NETLINK, type NetlinkMessage } from './netlink-message.ts';

/** How the kernel would send. */
export interface KernelRoute {
  readonly kind: 'unicast' | 'local' | 'broadcast' | 'multicast' | 'other';
  /** The index of the interface. */
  readonly outInterface: number;
  /** 4 or 16 octets; absent where the destination itself is on the link. */
  readonly gateway?: Uint8Array;
  /** The address that a packet without a source gets; absent where the question had one, or there is none. */
  readonly source?: Uint8Array;
  /** The routing table; 0 where no route was found and the interface alone decides. */
  readonly table: number;
  /** True where the gateway is of the other family. RFC 8950 */
  readonly viaOtherFamily: boolean;
  /** True where the packet is wrapped into another: MPLS, SRv6 and their like. */
  readonly isWrapped: boolean;
  /** True where the route has several next hops, and each flow gets one. Of a route as it is configured alone. */
  readonly isMultipath: boolean;
}

/** The route, or the number of errno(3) that a real send would get. */
export type RouteAnswer = { readonly route: KernelRoute } | { readonly errno: number };

const RTA = {
  OIF: 4,
  GATEWAY: 5,
  PREFSRC: 7,
  MULTIPATH: 9,
  TABLE: 15,
  VIA: 18,
  ENCAP: 22,
  NH_ID: 30,
} as const;
/** struct rtmsg. */
const RTMSG = { size: 12, kind: 7 } as const;
const KINDS = ['other', 'unicast', 'local', 'broadcast', 'other', 'multicast'] as const;
/** ENETUNREACH of asm-generic/errno.h: an answer that says nothing is no route. */
const NO_ANSWER = 101;

/** Decodes the one message that answers a question. */
export function decodeRouteAnswer(message: NetlinkMessage | undefined): RouteAnswer {
  if (message?.type === NETLINK.ERROR) return { errno: errnoOf(message) || NO_ANSWER };
  if (message?.type !== NETLINK.NEWROUTE || message.body.byteLength < RTMSG.size) return { errno: NO_ANSWER };
  const attributes = attributesOf(message.body, RTMSG.size);
  const gateway = attributes.get(RTA.GATEWAY);
  const source = attributes.get(RTA.PREFSRC);
  return {
    route: {
      kind: KINDS[message.body.getUint8(RTMSG.kind)] ?? 'other',
      outInterface: uint32Of(attributes.get(RTA.OIF)),
      ...(gateway ? { gateway } : {}),
      ...(source ? { source } : {}),
      table: uint32Of(attributes.get(RTA.TABLE)),
      viaOtherFamily: attributes.has(RTA.VIA),
      isWrapped: attributes.has(RTA.ENCAP),
      isMultipath: isMultipath(attributes),
    },
  };
}

/**
 * True for a route with several next hops; also for one that names a group of them and does not tell what is in it, as
 * with net.ipv4.nexthop_compat_mode = 0.
 */
export function isMultipath(attributes: ReadonlyMap<number, Uint8Array>): boolean {
  return attributes.has(RTA.MULTIPATH) || (attributes.has(RTA.NH_ID) && !attributes.has(RTA.OIF));
}
