/** struct sockaddr_in and sockaddr_in6 of Linux. ip(7), ipv6(7). */
import type { Family } from '../../model/address.ts';
import { AF } from './constants.ts';

/** Octets that an address of either family fits in. */
export const SOCKADDR_LENGTH = 28;
const SOCKADDR_IN_LENGTH = 16;

/** The address family is in the machine's byte order, which layout.ts says is little-endian. */
const OFFSET = { family: 0, port: 2, address4: 4, flowInfo: 4, address6: 8, scopeId: 24 } as const;

export interface SocketAddress {
  readonly family: Family;
  /** 4 or 16 octets. */
  readonly octets: Uint8Array;
  readonly port: number;
  /** IPv6 only: the index of the interface that a link-local address belongs to, else 0. */
  readonly scopeId: number;
}

/** Writes what bind, connect and sendto take at the start of `memory`; answers its length. */
export function writeSockaddr(memory: Uint8Array, address: SocketAddress, flowInfo = 0): number {
  const { family, octets, port, scopeId } = address;
  const view = new DataView(memory.buffer, memory.byteOffset);
  view.setUint16(OFFSET.family, family === 4 ? AF.INET : AF.INET6, true);
  view.setUint16(OFFSET.port, port);
  memory.set(octets, family === 4 ? OFFSET.address4 : OFFSET.address6);
  if (family === 4) return SOCKADDR_IN_LENGTH;
  view.setUint32(OFFSET.flowInfo, flowInfo);
  view.setUint32(OFFSET.scopeId, scopeId, true);
  return SOCKADDR_LENGTH;
}

/** The same in memory of its own. `flowInfo`: an IPv6 flow label, where the socket sends such. */
export function encodeSockaddr(address: SocketAddress, flowInfo = 0): Uint8Array<ArrayBuffer> {
  const memory = new Uint8Array(SOCKADDR_LENGTH);
  return memory.subarray(0, writeSockaddr(memory, address, flowInfo));
}

/** The address that begins at `offset`, its octets a copy; undefined when its family is neither. */
export function decodeSockaddr(bytes: Uint8Array, offset = 0): SocketAddress | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
  const slice = (from: number, length: number): Uint8Array =>
    bytes.slice(offset + from, offset + from + length);
  switch (view.getUint16(OFFSET.family, true)) {
    case AF.INET:
      return {
        family: 4,
        octets: slice(OFFSET.address4, 4),
        port: view.getUint16(OFFSET.port),
        scopeId: 0,
      };
    case AF.INET6:
      return {
        family: 6,
        octets: slice(OFFSET.address6, 16),
        port: view.getUint16(OFFSET.port),
        scopeId: view.getUint32(OFFSET.scopeId, true),
      };
    default:
      return undefined;
  }
}
