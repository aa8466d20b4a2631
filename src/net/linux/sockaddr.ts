/** Codec of Linux's struct sockaddr_in and sockaddr_in6. ip(7), ipv6(7) */
import type { Family } from '../../model/address.ts';
import { fillFrom, setUint16, setUint32, uint16At } from '../../wire/bytes.ts';
import { AF } from './constants.ts';

/** Octets that hold an address of either family. */
export const SOCKADDR_LENGTH = 28;
const SOCKADDR_IN_LENGTH = 16;

/** Family and scope are in the machine's byte order, which layout.ts says is little-endian; the rest is big-endian. */
const OFFSET = { family: 0, port: 2, address4: 4, flowInfo: 4, address6: 8, scopeId: 24 } as const;

/** An IP address with a port. */
export interface SocketAddress {
  readonly family: Family;
  /** 4 or 16 octets. */
  readonly octets: Uint8Array;
  readonly port: number;
  /** IPv6 only: the index of the interface that a link-local address belongs to, else 0. */
  readonly scopeId: number;
}

/**
 * Writes an address at the start of `memory`, for bind, connect and sendto. By index, so that no view has to be made.
 * @param flowInfo - an IPv6 flow label, where the socket sends one
 * @returns the octets written
 */
export function writeSockaddr(memory: Uint8Array, address: SocketAddress, flowInfo = 0): number {
  const { family, octets, port, scopeId } = address;
  setLittleEndian(memory, OFFSET.family, 2, family === 4 ? AF.INET : AF.INET6);
  setUint16(memory, OFFSET.port, port);
  memory.set(octets, family === 4 ? OFFSET.address4 : OFFSET.address6);
  if (family === 4) return SOCKADDR_IN_LENGTH;
  setUint32(memory, OFFSET.flowInfo, flowInfo);
  setLittleEndian(memory, OFFSET.scopeId, 4, scopeId);
  return SOCKADDR_LENGTH;
}

/** Writes an address into memory of its own. Parameters are those of `writeSockaddr`. */
export function encodeSockaddr(address: SocketAddress, flowInfo = 0): Uint8Array<ArrayBuffer> {
  const memory = new Uint8Array(SOCKADDR_LENGTH);
  return memory.subarray(0, writeSockaddr(memory, address, flowInfo));
}

/** Reads the address at `offset`, its octets a copy; undefined when the family is neither IPv4 nor IPv6. */
export function decodeSockaddr(bytes: Uint8Array, offset = 0): SocketAddress | undefined {
  const port = uint16At(bytes, offset + OFFSET.port);
  switch (littleEndianAt(bytes, offset + OFFSET.family, 2)) {
    case AF.INET:
      return {
        family: 4,
        octets: fillFrom(new Uint8Array(4), bytes, offset + OFFSET.address4),
        port,
        scopeId: 0,
      };
    case AF.INET6: {
      const scopeId = littleEndianAt(bytes, offset + OFFSET.scopeId, 4);
      return {
        family: 6,
        octets: fillFrom(new Uint8Array(16), bytes, offset + OFFSET.address6),
        port,
        scopeId,
      };
    }
    default:
      return undefined;
  }
}

function littleEndianAt(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let at = length - 1; at >= 0; at--) value = value * 0x100 + (bytes[offset + at] ?? 0);
  return value;
}

function setLittleEndian(bytes: Uint8Array, offset: number, length: number, value: number): void {
  for (let at = 0; at < length; at++) bytes[offset + at] = value >>> (8 * at);
}
