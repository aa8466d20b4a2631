/** What the kernel of the rehearsal answers about routes: one way for all, and no rules. */
import { octetsOf } from '../../model/address.ts';
import { encodeRequest, NETLINK } from '../../net/linux/netlink-message.ts';
import { SOURCE } from './path.ts';

/** RTN_UNICAST at octet 7 of struct rtmsg. linux/rtnetlink.h */
const UNICAST = Uint8Array.of(2, 32, 0, 0, 254, 0, 0, 1, 0, 0, 0, 0);
const INTERFACE = Uint8Array.of(2, 0, 0, 0);
const RTA = { OIF: 4, PREFSRC: 7 } as const;

/** The answer to a request. @param request - from its header on */
export function netlinkAnswer(request: Uint8Array): Uint8Array {
  const type = new DataView(request.buffer, request.byteOffset).getUint16(4, true);
  if (type !== NETLINK.GETROUTE) return encodeRequest(NETLINK.DONE, 0, new Uint8Array(4), []);
  return encodeRequest(NETLINK.NEWROUTE, 0, UNICAST, [
    [RTA.OIF, INTERFACE],
    [RTA.PREFSRC, octetsOf(SOURCE)],
  ]);
}
