/** Asks the kernel which way the packets of a flow take: RTM_GETROUTE. rtnetlink(7), linux/rtnetlink.h */
import type { Family } from '../../model/address.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
import { AF } from './constants.ts';
import { bigEndian16, bigEndian32, littleEndian32 } from './integers.ts';
import { encodeRequest, NETLINK, type Attribute } from './netlink-message.ts';

/** What routing may look at. What is absent is not told: the kernel takes it for anything. */
export interface RouteQuery {
  readonly family: Family;
  /** 4 or 16 octets, like `source`. */
  readonly destination: Uint8Array;
  readonly source?: Uint8Array;
  /** The index of the interface that the socket is bound to; 0 for none. */
  readonly outInterface?: number;
  /** IP protocol, 1 to 255. The kernel is told the few that it takes. */
  readonly protocol?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** TOS octet or traffic class. */
  readonly tos?: number;
  /** IPv6 only, 20 bits; 0 for none. */
  readonly flowLabel?: number;
  /** The firewall mark of the socket, 32 bits; 0 for none. */
  readonly mark?: number;
  /** The user whose socket it is; the one that asks when absent. */
  readonly uid?: number | undefined;
  /** True: the answer is the route as it is configured, with all its next hops. */
  readonly asConfigured?: boolean;
}

const RTA = {
  DST: 1,
  SRC: 2,
  OIF: 4,
  MARK: 16,
  UID: 25,
  IP_PROTO: 27,
  SPORT: 28,
  DPORT: 29,
  FLOWLABEL: 31,
} as const;
/** The answer tells the table. IPv6 refuses the flag, and tells it anyway. */
const RTM_F_LOOKUP_TABLE = 0x1000;
const RTM_F_FIB_MATCH = 0x2000;
/** struct rtmsg. */
const RTMSG = { size: 12, destinationBits: 1, sourceBits: 2, tos: 3, flags: 8 } as const;
/** The ECN bits are no part of what is routed by. net/inet_dscp.h */
const DSCP_MASK = 0xfc;

/** Protocols that the kernel takes in a question. rtm_getroute_parse_ip_proto of net/ipv4/ip_fib.h's users */
const TAKEN: Readonly<Record<Family, readonly number[]>> = {
  4: [IP_PROTOCOL.icmp, IP_PROTOCOL.tcp, IP_PROTOCOL.udp],
  6: [IP_PROTOCOL.icmpv6, IP_PROTOCOL.tcp, IP_PROTOCOL.udp],
};

/** True where the kernel routes by the ports of this protocol when it is asked. */
export function asksForPorts(protocol: number): boolean {
  return protocol === IP_PROTOCOL.tcp || protocol === IP_PROTOCOL.udp;
}

/** Encodes the question. */
export function encodeRouteRequest(query: RouteQuery): Uint8Array {
  const { family, destination, source, tos = 0, asConfigured = false } = query;
  const body = new Uint8Array(RTMSG.size);
  body[0] = family === 4 ? AF.INET : AF.INET6;
  body[RTMSG.destinationBits] = destination.length * 8;
  body[RTMSG.sourceBits] = (source?.length ?? 0) * 8;
  body[RTMSG.tos] = tos & DSCP_MASK;
  const flags = (family === 4 ? RTM_F_LOOKUP_TABLE : 0) | (asConfigured ? RTM_F_FIB_MATCH : 0);
  body.set(littleEndian32(flags), RTMSG.flags);
  return encodeRequest(NETLINK.GETROUTE, 0, body, attributesOf(query));
}

function attributesOf(query: RouteQuery): Attribute[] {
  const { destination, source, outInterface = 0, mark = 0, flowLabel = 0, uid } = query;
  const attributes: Attribute[] = [[RTA.DST, destination]];
  if (source) attributes.push([RTA.SRC, source]);
  if (outInterface > 0) attributes.push([RTA.OIF, littleEndian32(outInterface)]);
  if (mark > 0) attributes.push([RTA.MARK, littleEndian32(mark)]);
  if (uid !== undefined) attributes.push([RTA.UID, littleEndian32(uid)]);
  addProtocol(query, attributes);
  if (flowLabel > 0) attributes.push([RTA.FLOWLABEL, bigEndian32(flowLabel)]);
  return attributes;
}

function addProtocol(query: RouteQuery, attributes: Attribute[]): void {
  const { family, protocol = 0, sourcePort, destinationPort } = query;
  if (!TAKEN[family].includes(protocol)) return;
  attributes.push([RTA.IP_PROTO, Uint8Array.of(protocol)]);
  if (!asksForPorts(protocol)) return;
  if (sourcePort) attributes.push([RTA.SPORT, bigEndian16(sourcePort)]);
  if (destinationPort) attributes.push([RTA.DPORT, bigEndian16(destinationPort)]);
}
