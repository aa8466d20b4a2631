/** What one sendmsg(2) takes: a datagram, an address, and what the kernel is told besides. */
import type { KernelMemory, Libc } from './libc.ts';
import { SOCKADDR_LENGTH, writeSockaddr, type SocketAddress } from './sockaddr.ts';

/** Level, type and data of a control message. cmsg(3) */
export type Control = readonly [level: number, type: number, data: Uint8Array];

/** struct cmsghdr of layout.ts, whose self-test reads such. */
const CONTROL = { level: 8, type: 12, data: 16, alignment: 8 } as const;
/** Octets for the control messages of one send. */
const CONTROL_ROOM = 128;

/** Encodes control messages one after the other. */
export function encodeControls(controls: readonly Control[]): Uint8Array {
  const lengths = controls.map(([, , data]) => CONTROL.data + data.length);
  const octets = new Uint8Array(lengths.reduce((sum, length) => sum + aligned(length), 0));
  const view = new DataView(octets.buffer);
  let at = 0;
  for (const [index, [level, type, data]] of controls.entries()) {
    const length = lengths[index] ?? 0;
    view.setUint32(at, length, true);
    view.setInt32(at + CONTROL.level, level, true);
    view.setInt32(at + CONTROL.type, type, true);
    octets.set(data, at + CONTROL.data);
    at += aligned(length);
  }
  return octets;
}

function aligned(length: number): number {
  return Math.ceil(length / CONTROL.alignment) * CONTROL.alignment;
}

/** Memory for one message, whose datagram lies in memory of its owner. */
export class SendMessage {
  readonly #libc: Libc;
  readonly #sendmsg;
  readonly #memory: KernelMemory;
  readonly #datagram: KernelMemory;
  readonly #vectorAt: number;
  readonly #nameAt: number;
  readonly #controlAt: number;

  constructor(libc: Libc, datagram: KernelMemory) {
    const { message, vector } = libc.layout;
    this.#libc = libc;
    this.#sendmsg = libc.call('sendmsg');
    this.#datagram = datagram;
    this.#vectorAt = message.size;
    this.#controlAt = this.#vectorAt + vector.size;
    this.#nameAt = this.#controlAt + CONTROL_ROOM;
    this.#memory = libc.allocate(this.#nameAt + SOCKADDR_LENGTH);
    this.#point(message.name, this.#nameAt);
    this.#point(message.vectors, this.#vectorAt);
    this.#point(message.control, this.#controlAt);
    this.#memory.view.setUint32(message.vectorCount, 1, true);
  }

  /** Puts in the address, the control messages and the length of the datagram, in octets. */
  fill(address: SocketAddress, control: Uint8Array, length: number): void {
    const { message, vector } = this.#libc.layout;
    const { octets, view } = this.#memory;
    const name = octets.subarray(this.#nameAt);
    view.setUint32(message.nameLength, writeSockaddr(name, address), true);
    octets.set(control, this.#controlAt);
    view.setUint32(message.controlLength, control.length, true);
    view.setUint32(this.#vectorAt + vector.length, length, true);
  }

  /**
   * Sends. Returns the octets sent, or a negative errno.
   * @param isRehearsal - true to do all but the sending: the kernel finds no octets
   */
  send(fd: number, flags: number, isRehearsal = false): number {
    const { vector } = this.#libc.layout;
    const base = isRehearsal ? 0n : this.#datagram.address;
    this.#memory.view.setBigUint64(this.#vectorAt + vector.base, base, true);
    return this.#sendmsg(fd, this.#memory.octets, flags);
  }

  #point(at: number, to: number): void {
    this.#memory.view.setBigUint64(at, this.#memory.address + BigInt(to), true);
  }
}
