/** Asks the kernel for all its routes: a dump of RTM_GETROUTE. rtnetlink(7), linux/rtnetlink.h */
import type { Family } from '../../model/address.ts';
import { attributesOf, encodeDumpRequest, NETLINK, type NetlinkMessage } from './netlink-message.ts';
import { isMultipath } from './route-answer.ts';

/** struct rtmsg. */
const RTMSG_SIZE = 12;

/** Encodes the question for all routes of a family, those of all tables. */
export function encodeRoutesRequest(family: Family): Uint8Array {
  return encodeDumpRequest(NETLINK.GETROUTE, family, RTMSG_SIZE);
}

/** True for a route with several next hops. */
export function hasSeveralNextHops({ type, body }: NetlinkMessage): boolean {
  const isRoute = type === NETLINK.NEWROUTE && body.byteLength >= RTMSG_SIZE;
  return isRoute && isMultipath(attributesOf(body, RTMSG_SIZE));
}
