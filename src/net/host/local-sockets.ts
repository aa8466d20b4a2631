/**
 * Local ports taken for a run, so that no other program's traffic is mistaken for ours, and source addresses. By the
 * kernel's own calls where they can be had: loading node:dgram and node:net takes longer than a whole trace nearby.
 */
import type { ReservedPort } from '../../ports/machine.ts';
import { isLinkLocal, zoneOf, type Address } from '../../model/address.ts';
import * as kernel from '../linux/local-sockets.ts';
import { loadLibc, type Libc } from '../linux/libc.ts';
import { UnavailableError } from '../optional-package.ts';

/** Binds a TCP port without listening on it. @throws TransportError when the port is taken */
export async function reserveTcpPort(address: Address, port: number): Promise<ReservedPort> {
  const libc = libcFor(address);
  if (libc) return kernel.reserveTcpPort(libc, address, port);
  return (await import('../portable/node-sockets.ts')).reserveTcpPort(address, port);
}

/** Binds a UDP port. @throws TransportError when the port is taken, or the address is not the machine's */
export async function reserveUdpPort(address: Address, port: number): Promise<ReservedPort> {
  const libc = libcFor(address);
  if (libc) return kernel.reserveUdpPort(libc, address, port);
  return await (await import('../portable/node-sockets.ts')).reserveUdpPort(address, port);
}

/** The source address that routing chooses towards `destination`. @throws TransportError when there is no route */
export async function sourceTowards(destination: Address): Promise<Address> {
  const libc = libcFor(destination);
  if (libc) return kernel.sourceTowards(libc, destination);
  return await (await import('../portable/node-sockets.ts')).sourceTowards(destination);
}

/** The C library, unless it cannot be had, or the address has or needs a zone, whose name Node reads and writes. */
function libcFor(address: Address): Libc | undefined {
  if (isLinkLocal(address) || zoneOf(address) !== undefined) return undefined;
  try {
    return loadLibc();
  } catch (error) {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  }
}
