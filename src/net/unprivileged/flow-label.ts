/** Leases IPv6 flow labels: the kernel sends no label that was not leased before. linux/in6.h, RFC 6437 */
import { IPV6, SOL } from '../linux/constants.ts';
import type { KernelSocket } from '../linux/kernel-socket.ts';
import type { Libc } from '../linux/libc.ts';

/** struct in6_flowlabel_req. */
const REQUEST = { size: 32, label: 16, share: 21, flags: 22 } as const;
const SHARED_WITH_ANY = 255;
const CREATE = 1;

/**
 * Leases a flow label, to be shared with everybody, and has the socket send such.
 * @param flowLabel - 20 bits
 * @param destination - 16 octets
 * @throws TransportError when another program has the label for itself
 */
export function leaseFlowLabel(
  libc: Libc,
  socket: KernelSocket,
  flowLabel: number,
  destination: Uint8Array,
): void {
  const { octets, view } = libc.allocate(REQUEST.size);
  octets.set(destination);
  view.setUint32(REQUEST.label, flowLabel);
  view.setUint8(REQUEST.share, SHARED_WITH_ANY);
  view.setUint16(REQUEST.flags, CREATE, true);
  libc.check(libc.call('setsockopt')(socket.fd, SOL.IPV6, IPV6.FLOWLABEL_MGR, octets, octets.length));
  socket.setOption(SOL.IPV6, IPV6.FLOWINFO_SEND, 1);
}
