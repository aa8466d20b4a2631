/** What the kernel of the rehearsal answers about routes: one way for all, and the rules that each machine starts with. */
import { octetsOf } from '../../model/address.ts';
import { littleEndian32 } from '../../net/linux/integers.ts';
import { encodeRequest, NETLINK } from '../../net/linux/netlink-message.ts';
import { concat } from '../../wire/bytes.ts';
import { SOURCE } from './path.ts';

/** RTN_UNICAST at octet 7 of struct rtmsg. linux/rtnetlink.h */
const UNICAST = Uint8Array.of(2, 32, 0, 0, 254, 0, 0, 1, 0, 0, 0, 0);
const INTERFACE = Uint8Array.of(2, 0, 0, 0);
const RTA = { OIF: 4, PREFSRC: 7 } as const;
/** struct fib_rule_hdr: a rule of IPv4 that holds for every packet. linux/fib_rules.h */
const RULE = Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
const FRA = { PRIORITY: 6, TABLE: 15 } as const;
/** Each table of a new machine, and the priority of its rule. ip-rule(8) */
const TABLES: readonly (readonly [table: number, priority: number])[] = [
  [255, 0],
  [254, 32_766],
  [253, 32_767],
];

const END = encodeRequest(NETLINK.DONE, 0, new Uint8Array(4), []);

function rule([table, priority]: readonly [table: number, priority: number]): Uint8Array {
  return encodeRequest(NETLINK.NEWRULE, 0, RULE, [
    [FRA.TABLE, littleEndian32(table)],
    [FRA.PRIORITY, littleEndian32(priority)],
  ]);
}

/** The answer to a request. @param request - from its header on */
export function netlinkAnswer(request: Uint8Array): Uint8Array {
  const type = new DataView(request.buffer, request.byteOffset).getUint16(4, true);
  if (type !== NETLINK.GETROUTE) return concat(...TABLES.map(rule), END);
  return encodeRequest(NETLINK.NEWROUTE, 0, UNICAST, [
    [RTA.OIF, INTERFACE],
    [RTA.PREFSRC, octetsOf(SOURCE)],
  ]);
}
