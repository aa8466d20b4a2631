/** Asks the kernel for an interface: RTM_GETLINK. rtnetlink(7), linux/if_link.h */
import { littleEndian32 } from './integers.ts';
import { attributesOf, encodeRequest, NETLINK, type NetlinkMessage } from './netlink-message.ts';

/** An interface of this machine. */
export interface Link {
  readonly index: number;
  readonly name: string;
  readonly isUp: boolean;
  readonly isLoopback: boolean;
  /** True where no address of the link layer is looked for: tunnels, point-to-point links. */
  readonly hasNoNeighbours: boolean;
}

/** struct ifinfomsg. */
const IFINFOMSG = { size: 16, index: 4, flags: 8 } as const;
const IFLA = { IFNAME: 3, EXT_MASK: 29 } as const;
const RTEXT_FILTER_SKIP_STATS = 8;
/** netdevice(7). */
const IFF = { UP: 0x1, LOOPBACK: 0x8, NOARP: 0x80 } as const;

/** Encodes the question for the interface of this index or name. */
export function encodeLinkRequest(which: number | string): Uint8Array {
  const body = new Uint8Array(IFINFOMSG.size);
  if (typeof which === 'number') body.set(littleEndian32(which), IFINFOMSG.index);
  return encodeRequest(NETLINK.GETLINK, 0, body, [
    ...(typeof which === 'string' ? [[IFLA.IFNAME, new TextEncoder().encode(`${which}\0`)] as const] : []),
    [IFLA.EXT_MASK, littleEndian32(RTEXT_FILTER_SKIP_STATS)],
  ]);
}

/** Decodes the answer; undefined when there is no such interface. */
export function decodeLink(message: NetlinkMessage | undefined): Link | undefined {
  if (message?.type !== NETLINK.NEWLINK || message.body.byteLength < IFINFOMSG.size) return undefined;
  const { body } = message;
  const name = attributesOf(body, IFINFOMSG.size).get(IFLA.IFNAME) ?? new Uint8Array(0);
  const flags = body.getUint32(IFINFOMSG.flags, true);
  return {
    index: body.getInt32(IFINFOMSG.index, true),
    name: new TextDecoder().decode(name.subarray(0, -1)),
    isLoopback: (flags & IFF.LOOPBACK) !== 0,
    isUp: (flags & IFF.UP) !== 0,
    hasNoNeighbours: (flags & IFF.NOARP) !== 0,
  };
}
