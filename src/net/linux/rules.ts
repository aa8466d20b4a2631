/** Asks the kernel for its routing rules: RTM_GETRULE. ip-rule(8), linux/fib_rules.h */
import type { Family } from '../../model/address.ts';
import { littleEndian16At } from './integers.ts';
import { attributesOf, encodeDumpRequest, NETLINK, type NetlinkMessage } from './netlink-message.ts';

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

/** Attributes of a rule that goes by the ports of a protocol. */
const FRA = { IP_PROTO: 22, SPORT_RANGE: 23, DPORT_RANGE: 24 } as const;

/** The flow of a packet, as far as a rule by ports looks at it. */
export interface PortFlow {
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** Encodes the question for all rules of a family. */
export function encodeRulesRequest(family: Family): Uint8Array {
  return encodeDumpRequest(NETLINK.GETRULE, family, HEADER.size);
}

/** True for a rule that does not hold for every packet. */
export function isSelective({ type, body }: NetlinkMessage): boolean {
  if (type !== NETLINK.NEWRULE || body.byteLength < HEADER.size) return false;
  const { destinationBits, sourceBits, tos } = HEADER;
  if (body.getUint8(destinationBits) + body.getUint8(sourceBits) + body.getUint8(tos) > 0) return true;
  for (const attribute of attributesOf(body, HEADER.size).keys()) {
    if (SELECTORS.includes(attribute)) return true;
  }
  return false;
}

/** True for a rule that holds for these ports, and not for all. */
export function goesByPorts({ type, body }: NetlinkMessage, flow: PortFlow): boolean {
  if (type !== NETLINK.NEWRULE || body.byteLength < HEADER.size) return false;
  const attributes = attributesOf(body, HEADER.size);
  const protocol = attributes.get(FRA.IP_PROTO)?.[0] ?? flow.protocol;
  const source = attributes.get(FRA.SPORT_RANGE);
  const destination = attributes.get(FRA.DPORT_RANGE);
  if (protocol !== flow.protocol || (!source && !destination)) return false;
  return isWithin(source, flow.sourcePort) && isWithin(destination, flow.destinationPort);
}

/** struct fib_rule_port_range: two numbers of 16 bits. Without it, every port is within. */
function isWithin(range: Uint8Array | undefined, port: number): boolean {
  if (!range) return true;
  const [first, last] = [littleEndian16At(range, 0), littleEndian16At(range, 2)];
  return port >= first && port <= last;
}
