/** Room for many messages, which one recvmmsg(2) fills, control messages included. */
import type { KernelMemory, Libc } from './libc.ts';
import { Copies } from './copies.ts';
import { ERRNO, MSG } from './constants.ts';
import { decodeSockaddr, SOCKADDR_LENGTH, type SocketAddress } from './sockaddr.ts';

/** The largest IP datagram, in octets, so that none is cut. The system gives no memory to pages never written. */
const LARGEST_DATAGRAM = 65_536;
/** Octets for a sockaddr, aligned. */
const NAME_SIZE = 32;
/** Octets for the control messages of one datagram: stamp, hop limit, and an extended error with its offender. */
const CONTROL_SIZE = 256;
/** The most messages that one call takes. */
const MOST = 32;
/** How many it takes until it took so many: few arrive before the first probe, and each needs five addresses written. */
const FIRST = 4;

/** A fact that the kernel adds to a datagram. cmsg(3) */
export interface ControlMessage {
  readonly level: number;
  readonly type: number;
  /** The batch's own memory: the next `receive` overwrites it. */
  readonly view: DataView<ArrayBuffer>;
  /** The offset of the data in `view`. */
  readonly at: number;
}

/** One piece of memory holds everything, so that no address in it can outlive what it points to. */
export class MessageBatch {
  readonly #libc: Libc;
  readonly #memory: KernelMemory;
  readonly #recvmmsg;
  readonly #copies = new Copies();
  readonly #namesAt: number;
  readonly #controlsAt: number;
  readonly #payloadsAt: number;
  /** Messages that there is room for. */
  #room = 0;
  /** Messages that the last `receive` took: the kernel has written their lengths. */
  #taken = 0;
  #isFull = false;

  constructor(libc: Libc) {
    const { message, vector } = libc.layout;
    this.#libc = libc;
    this.#recvmmsg = libc.call('recvmmsg');
    this.#namesAt = MOST * (message.size + vector.size);
    this.#controlsAt = this.#namesAt + MOST * NAME_SIZE;
    this.#payloadsAt = this.#controlsAt + MOST * CONTROL_SIZE;
    this.#memory = libc.allocate(this.#payloadsAt + MOST * LARGEST_DATAGRAM);
    this.#makeRoom(FIRST);
  }

  /** True when the last `receive` took as many as it could: more may be waiting. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /**
   * Takes what has arrived on a socket, without waiting.
   * @param flags - of recvmsg(2), besides MSG_DONTWAIT
   * @returns the number of messages, 0 when none had arrived, or the negative errno
   */
  receive(fd: number, flags = 0): number {
    for (let index = 0; index < this.#taken; index++) this.#resetLengths(index);
    const result = this.#recvmmsg(fd, this.#memory.octets, this.#room, MSG.DONTWAIT | flags, null);
    this.#taken = Math.max(0, result);
    this.#isFull = result === this.#room;
    if (this.#isFull && result < MOST) this.#makeRoom(MOST);
    return result === -ERRNO.AGAIN ? 0 : result;
  }

  /** The octets of a message, a copy. */
  octets(index: number): Uint8Array {
    const { message } = this.#libc.layout;
    const length = this.#memory.view.getUint32(index * message.size + message.length, true);
    const from = this.#payloadsAt + index * LARGEST_DATAGRAM;
    return this.#copies.of(this.#memory.octets, from, length);
  }

  /** MSG_TRUNC and its like. recvmsg(2) */
  flags(index: number): number {
    const { message } = this.#libc.layout;
    return this.#memory.view.getUint32(index * message.size + message.flags, true);
  }

  /** The source of a message; on the error queue, the destination of the probe that failed. */
  source(index: number): SocketAddress | undefined {
    return decodeSockaddr(this.#memory.octets, this.#namesAt + index * NAME_SIZE);
  }

  /** The control messages of a message, in the kernel's order. */
  controls(index: number): ControlMessage[] {
    const { message, control } = this.#libc.layout;
    const { view } = this.#memory;
    const controls: ControlMessage[] = [];
    let at = this.#controlsAt + index * CONTROL_SIZE;
    const end = at + view.getUint32(index * message.size + message.controlLength, true);
    while (at + control.data <= end) {
      const length = view.getUint32(at + control.length, true);
      if (length < control.data || at + length > end) break;
      controls.push({
        level: view.getInt32(at + control.level, true),
        type: view.getInt32(at + control.type, true),
        view,
        at: at + control.data,
      });
      at += Math.ceil(length / control.alignment) * control.alignment;
    }
    return controls;
  }

  #makeRoom(count: number): void {
    for (let index = this.#room; index < count; index++) {
      this.#point(index);
      this.#resetLengths(index);
    }
    this.#room = count;
  }

  /** Writes the addresses of a message's parts. They never change. */
  #point(index: number): void {
    const { message, vector } = this.#libc.layout;
    const { view, address } = this.#memory;
    const at = index * message.size;
    const vectorAt = MOST * message.size + index * vector.size;
    const pointer = (where: number, offset: number): void => {
      view.setBigUint64(where, address + BigInt(offset), true);
    };
    pointer(at + message.name, this.#namesAt + index * NAME_SIZE);
    pointer(at + message.vectors, vectorAt);
    view.setUint32(at + message.vectorCount, 1, true);
    pointer(at + message.control, this.#controlsAt + index * CONTROL_SIZE);
    pointer(vectorAt + vector.base, this.#payloadsAt + index * LARGEST_DATAGRAM);
    view.setUint32(vectorAt + vector.length, LARGEST_DATAGRAM, true);
  }

  /** Restores the lengths, which the kernel overwrote with what it used. */
  #resetLengths(index: number): void {
    const { message } = this.#libc.layout;
    const { view } = this.#memory;
    const at = index * message.size;
    view.setUint32(at + message.nameLength, SOCKADDR_LENGTH, true);
    view.setUint32(at + message.controlLength, CONTROL_SIZE, true);
    view.setUint32(at + message.flags, 0, true);
  }
}
