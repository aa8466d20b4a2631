/** Opens the transport of a user without CAP_NET_RAW. */
import type { RawOptions, Transport } from '../../ports/transport.ts';
import { TransportError } from '../../model/errors.ts';
import { loadLibc } from '../linux/libc.ts';
import { isServed } from './limits.ts';
import { UnprivilegedTransport } from './unprivileged-transport.ts';

/**
 * Opens plain sockets for the protocols that have them. Sends of the others fail.
 * @throws TransportError EPERM when no protocol has plain sockets; EACCES when all need ping sockets, which
 * net.ipv4.ping_group_range keeps from this user, and for socket-level debugging
 * @throws UnavailableError where the kernel's calls cannot be had
 * @throws SelfTestError when the kernel's calls do not do what they should
 */
export function openUnprivileged(options: RawOptions): Transport {
  const { protocols } = options;
  const served = protocols.filter(isServed);
  if (served.length === 0) throw new TransportError('EPERM', 'Operation not permitted');
  return new UnprivilegedTransport(loadLibc(), { ...options, protocols: served });
}
