/** Finds the way of a flow's packets: by the kernel where it can be asked, else by a socket's own address. */
import {
  addressOf,
  familyOf,
  isLinkLocal,
  octetsOf,
  withoutZone,
  withZone,
  zoneOf,
  type Address,
} from '../../model/address.ts';
import { TransportError } from '../../model/errors.ts';
import { given } from '../../model/given.ts';
import type { RouteQuestion, RouteRefusal, RouteReply } from '../../ports/machine.ts';
import { loadLibc } from '../linux/libc.ts';
import type { Link } from '../linux/link.ts';
import { sharedNetlink, type Netlink } from '../linux/netlink.ts';
import type { KernelRoute, RouteAnswer } from '../linux/route-answer.ts';
import type { RouteQuery } from '../linux/route-request.ts';
import { socketRoute } from './socket-route.ts';
import { nowMs } from '../monotonic-clock.ts';
import { UnavailableError } from '../optional-package.ts';
import { callerUid } from '../process/caller.ts';
import { errorOfNumber } from '../system-error.ts';

/** What a real socket gets, by errno: asm-generic/errno.h. fib_props of net/ipv4/fib_semantics.c */
const ERRNO = {
  EACCES: 13,
  EINVAL: 22,
  ENODEV: 19,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  EADDRNOTAVAIL: 99,
  EHOSTUNREACH: 113,
} as const;
const REFUSALS: ReadonlyMap<number, RouteRefusal> = new Map([
  [ERRNO.EACCES, 'prohibited'],
  [ERRNO.EINVAL, 'blackhole'],
  [ERRNO.EHOSTUNREACH, 'unreachable'],
]);

/** Answers how the packets of a flow leave this machine. */
export async function routeTo(question: RouteQuestion): Promise<RouteReply> {
  const netlink = netlinkOf();
  return netlink ? askKernel(netlink, question) : await socketRoute(question);
}

/** Undefined where the kernel cannot be asked. */
function netlinkOf(): Netlink | undefined {
  try {
    return sharedNetlink(loadLibc());
  } catch (error) {
    if (error instanceof UnavailableError || error instanceof TransportError) return undefined;
    throw error;
  }
}

/** The way as the kernel tells it. */
function askKernel(netlink: Netlink, question: RouteQuestion): RouteReply {
  const device = question.device ?? zoneOf(question.destination);
  const link =
    device === undefined ? undefined : netlink.link(/^\d+$/.test(device) ? Number(device) : device);
  if (device !== undefined && !link) return refused('no-device', ERRNO.ENODEV);
  if (link?.isUp === false) return refused('device-down', ERRNO.ENETDOWN);
  const answer = routeOfSocket(netlink, queryOf(question, link));
  if ('errno' in answer) return refusalOf(answer.errno, question, link);
  return replyOf(netlink, answer.route, question, link);
}

function queryOf(question: RouteQuestion, link: Link | undefined): RouteQuery {
  const { destination, source, mark = 0, protocol, sourcePort, destinationPort, tos } = question;
  return {
    family: familyOf(destination),
    destination: octetsOf(destination),
    ...(source === undefined ? {} : { source: octetsOf(source) }),
    outInterface: link?.index ?? 0,
    mark,
    protocol,
    tos,
    uid: callerUid(),
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(destinationPort === undefined ? {} : { destinationPort }),
  };
}

/**
 * The kernel's answer. With a source, IPv6 takes the interface for a mere wish, and finds no route where a socket that is
 * bound to both has one: so it is asked again without.
 */
export function routeOf(netlink: Netlink, query: RouteQuery): RouteAnswer {
  const answer = netlink.route(query);
  const { family, source, outInterface = 0 } = query;
  if (family === 4 || !source || outInterface === 0) return answer;
  if ('route' in answer && answer.route.outInterface === outInterface) return answer;
  return netlink.route(withoutSource(query));
}

/**
 * The kernel's answer for a socket that is about to get its source: IPv4 routes it once more with that, so that a rule by
 * source, or a choice of the next hop by it, takes it. ip_route_connect() of include/net/route.h
 */
function routeOfSocket(netlink: Netlink, query: RouteQuery): RouteAnswer {
  const answer = routeOf(netlink, query);
  if (query.family === 6 || query.source || !('route' in answer)) return answer;
  const { kind, source } = answer.route;
  if (kind !== 'unicast' || !source || !mayChoose(netlink, query)) return answer;
  const again = netlink.route({ ...query, source });
  return 'route' in again ? { route: { ...again.route, source } } : again;
}

function mayChoose({ choices }: Netlink, { family, destination }: RouteQuery): boolean {
  const now = nowMs();
  return choices.hasRules(family, now) || choices.hasNextHops(family, destination, now);
}

function withoutSource(query: RouteQuery): RouteQuery {
  const copy: { -readonly [Key in keyof RouteQuery]: RouteQuery[Key] } = { ...query };
  delete copy.source;
  return copy;
}

function replyOf(
  netlink: Netlink,
  route: KernelRoute,
  question: RouteQuestion,
  link: Link | undefined,
): RouteReply {
  const { destination, source } = question;
  if (route.kind === 'broadcast') return refused('broadcast', ERRNO.EACCES);
  if (route.kind === 'unicast' && isLoopback(source)) return refused('loopback-source', ERRNO.EINVAL);
  const own = source ?? asAddress(route.source);
  if (own === undefined) return refused('no-source', ERRNO.EADDRNOTAVAIL);
  const isUncertain = isGuess(netlink, route, destination, link);
  if (isUncertain && link?.isLoopback) return refused('loopback-device', ERRNO.ENETUNREACH);
  const device = (): string => netlink.link(route.outInterface)?.name ?? 'unknown';
  return {
    route: {
      source: inZoneOf(question, own, device),
      device,
      ...given({ gateway: asAddress(route.gateway) }),
      isGuess: isUncertain,
    },
  };
}

function asAddress(octets: Uint8Array | undefined): Address | undefined {
  return octets && addressOf(octets);
}

/** A link-local address with the zone that it is of. RFC 4007 section 6 */
function inZoneOf({ destination, device }: RouteQuestion, own: Address, nameOf: () => string): Address {
  return isLinkLocal(own) ? withZone(withoutZone(own), device ?? zoneOf(destination) ?? nameOf()) : own;
}

function isLoopback(address: Address | undefined): boolean {
  return address !== undefined && (address.startsWith('127.') || address === '::1');
}

/** IPv4 takes a destination to which no route leads through the interface to be on its link. The loopback has this machine. */
function isGuess(
  netlink: Netlink,
  { kind, table, gateway }: KernelRoute,
  destination: Address,
  link: Link | undefined,
): boolean {
  if (!link || familyOf(destination) === 6 || kind !== 'unicast' || table !== 0 || gateway) return false;
  return !link.isLoopback || !isOwn(netlink, destination);
}

function isOwn(netlink: Netlink, destination: Address): boolean {
  const answer = netlink.route({ family: familyOf(destination), destination: octetsOf(destination) });
  return 'route' in answer && answer.route.kind === 'local';
}

function refusalOf(
  errno: number,
  { source, destination }: RouteQuestion,
  link: Link | undefined,
): RouteReply {
  const fromLoopback = isLoopback(source) && !isLoopback(destination);
  if (fromLoopback && errno === ERRNO.EINVAL) return refused('loopback-source', errno);
  if (link?.isLoopback && errno === ERRNO.ENETUNREACH) return refused('loopback-device', errno);
  return refused(REFUSALS.get(errno) ?? 'no-route', errno);
}

function refused(refusal: RouteRefusal, errno: number): RouteReply {
  return { refusal, error: errorOfNumber(errno) };
}
