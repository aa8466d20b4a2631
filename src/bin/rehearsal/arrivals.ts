/** Writes what has arrived where recvmmsg(2) would. */
import { IP, SO, SOL } from '../../net/linux/constants.ts';
import type { Layout } from '../../net/linux/layout.ts';
import { writeSockaddr, type SocketAddress } from '../../net/linux/sockaddr.ts';

/** A datagram that waits to be read. */
export interface Arrival {
  readonly octets: Uint8Array;
  readonly source: SocketAddress;
  readonly ttl: number;
  /** When it arrived, in nanoseconds. */
  readonly atNs: bigint;
}

const NS_PER_S = 1_000_000_000n;

/** Writes a moment as a struct timespec. */
export function writeTime(view: DataView, at: number, ns: bigint, { time }: Layout): void {
  view.setBigUint64(at + time.seconds, ns / NS_PER_S, true);
  view.setBigUint64(at + time.nanoseconds, ns % NS_PER_S, true);
}

/**
 * Fills in one struct mmsghdr of `memory`.
 * @param at - where it begins. Pointers in it count from the start of `memory`, to which `koffi.address` gives 0
 */
export function writeArrival(memory: Uint8Array, at: number, arrival: Arrival, layout: Layout): void {
  const { message, vector } = layout;
  const view = new DataView(memory.buffer, memory.byteOffset);
  const pointerAt = (offset: number): number => Number(view.getBigUint64(offset, true));
  const name = writeSockaddr(memory.subarray(pointerAt(at + message.name)), arrival.source);
  view.setUint32(at + message.nameLength, name, true);
  memory.set(arrival.octets, pointerAt(pointerAt(at + message.vectors) + vector.base));
  view.setUint32(at + message.length, arrival.octets.length, true);
  const controls = writeControls(view, pointerAt(at + message.control), arrival, layout);
  view.setUint32(at + message.controlLength, controls, true);
}

/** Writes the stamp and the TTL; answers their length. */
function writeControls(view: DataView, at: number, { atNs, ttl }: Arrival, layout: Layout): number {
  const { control, time } = layout;
  const header = (offset: number, level: number, type: number, length: number): number => {
    view.setBigUint64(offset + control.length, BigInt(control.data + length), true);
    view.setInt32(offset + control.level, level, true);
    view.setInt32(offset + control.type, type, true);
    return control.data + Math.ceil(length / control.alignment) * control.alignment;
  };
  const stamp = header(at, SOL.SOCKET, SO.TIMESTAMPNS, time.size);
  writeTime(view, at + control.data, atNs, layout);
  const rest = header(at + stamp, SOL.IP, IP.TTL, 4);
  view.setInt32(at + stamp + control.data, ttl, true);
  return stamp + rest;
}
