/** The way to the wire of a user without CAP_NET_RAW. */
import type { RawOptions, Transport } from '../../engine/ports.ts';
import { TransportError } from '../../model/errors.ts';
import { loadLibc } from '../kernel/libc.ts';
import { isServed } from './limits.ts';
import { UnprivilegedTransport } from './unprivileged-transport.ts';

/**
 * Opens what the probes of these protocols can do without rights.
 * @throws TransportError EPERM when there are no such sockets for them; EACCES when net.ipv4.ping_group_range keeps
 * ping sockets from this user, or for socket-level debugging
 * @throws UnavailableError where the kernel's calls cannot be had
 * @throws SelfTestError when they do not do what they should
 */
export function openUnprivileged(options: RawOptions): Transport {
  const { protocols } = options;
  if (protocols.length === 0 || !protocols.every(isServed)) {
    throw new TransportError('EPERM', 'Operation not permitted');
  }
  return new UnprivilegedTransport(loadLibc(), options);
}
