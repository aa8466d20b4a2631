/** Asks the kernel for its routing rules: RTM_GETRULE. ip-rule(8), linux/fib_rules.h */
import type { Family } from '../../model/address.ts';
import { AF } from './constants.ts';
import {
  attributesOf,
  encodeRequest,
  NETLINK,
  NETLINK_FLAG,
  type NetlinkMessage,
} from './netlink-message.ts';

/** struct fib_rule_hdr. */
const HEADER = { size: 12, destinationBits: 1, sourceBits: 2, tos: 3 } as const;
/** What a rule may look at besides addresses. The rest says where it leads, or how far. */
const SELECTORS: readonly number[] = [
  3, // FRA_IIFNAME
  10, // FRA_FWMARK
  12, // FRA_TUN_ID
  17, // FRA_OIFNAME
  19, // FRA_L3MDEV
  20, // FRA_UID_RANGE
  22, // FRA_IP_PROTO
  23, // FRA_SPORT_RANGE
  24, // FRA_DPORT_RANGE
  25, // FRA_DSCP
  26, // FRA_FLOWLABEL
];

/** Encodes the question for all rules of a family. */
export function encodeRulesRequest(family: Family): Uint8Array {
  const body = new Uint8Array(HEADER.size);
  body[0] = family === 4 ? AF.INET : AF.INET6;
  return encodeRequest(NETLINK.GETRULE, NETLINK_FLAG.DUMP, body, []);
}

/** True for a rule that does not hold for every packet. */
export function isSelective({ type, body }: NetlinkMessage): boolean {
  if (type !== NETLINK.NEWRULE || body.byteLength < HEADER.size) return false;
  const { destinationBits, sourceBits, tos } = HEADER;
  if ([destinationBits, sourceBits, tos].some((at) => body.getUint8(at) !== 0)) return true;
  const attributes = attributesOf(body, HEADER.size);
  return SELECTORS.some((selector) => attributes.has(selector));
}
