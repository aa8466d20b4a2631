/**
 * Reserves local ports, so that no other program's traffic passes for ours, and finds source addresses. It prefers the
 * kernel's own calls: to load node:dgram and node:net takes longer than a whole trace nearby.
 */
import type { ReservedPort } from '../../ports/machine.ts';
import { isLinkLocal, zoneOf, type Address } from '../../model/address.ts';
import { loadLibc, type Libc } from '../linux/libc.ts';
import { UnavailableError } from '../optional-package.ts';
import { libcSockets } from './libc-sockets.ts';

type Reserve = (address: Address, port: number) => ReservedPort | Promise<ReservedPort>;

/** One way to sockets of this machine. */
export interface LocalSockets {
  /**
   * Binds a TCP port without listening on it.
   * @param port - 0 for any free port
   * @throws TransportError EADDRINUSE when the port is taken, EADDRNOTAVAIL when the address is not the machine's
   */
  readonly reserveTcpPort: Reserve;
  /** Binds a UDP port. Parameters and errors are those of `reserveTcpPort`. */
  readonly reserveUdpPort: Reserve;
  /**
   * The source address that routing chooses towards `destination`.
   * @throws TransportError when there is no route
   */
  readonly sourceTowards: (destination: Address) => Address | Promise<Address>;
}

/** The best sockets for each address. */
export const localSockets: LocalSockets = {
  reserveTcpPort: async (address, port) => (await socketsFor(address)).reserveTcpPort(address, port),
  reserveUdpPort: async (address, port) => (await socketsFor(address)).reserveUdpPort(address, port),
  sourceTowards: async (destination) => (await socketsFor(destination)).sourceTowards(destination),
};

async function socketsFor(address: Address): Promise<LocalSockets> {
  const libc = libcFor(address);
  if (libc) return libcSockets(libc);
  return (await import('./node-sockets.ts')).nodeSockets;
}

/** Undefined where the C library cannot be had, and for addresses with a zone, whose name Node reads and writes. */
function libcFor(address: Address): Libc | undefined {
  if (isLinkLocal(address) || zoneOf(address) !== undefined) return undefined;
  try {
    return loadLibc();
  } catch (error) {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  }
}
