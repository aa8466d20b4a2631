/** Room for many messages that one recvmmsg(2) fills, with what the kernel tells beside each. */
import type { KernelMemory, Libc } from './libc.ts';
import { Copies } from './copies.ts';
import { ERRNO, MSG } from './constants.ts';
import { decodeSockaddr, SOCKADDR_LENGTH, type SocketAddress } from './sockaddr.ts';

/** The largest IP datagram: nothing that arrives is ever cut. Pages that nothing arrives in are never taken. */
const LARGEST_DATAGRAM = 65_536;
/** Room for a sockaddr, aligned. */
const NAME_SIZE = 32;
/** Room for the control messages of one datagram: stamp, hop limit, and an extended error with its offender. */
const CONTROL_SIZE = 256;
const DEFAULT_COUNT = 32;

/** What the kernel tells beside a datagram. cmsg(3) */
export interface ControlMessage {
  readonly level: number;
  readonly type: number;
  /** The batch itself: gone with the next `receive`. */
  readonly view: DataView<ArrayBuffer>;
  /** Where in it the data are. */
  readonly at: number;
}

/** All in one piece of memory, so that no address in it can outlive what it points to. */
export class MessageBatch {
  readonly #libc: Libc;
  readonly #memory: KernelMemory;
  readonly #recvmmsg;
  readonly #count: number;
  readonly #copies = new Copies();
  readonly #namesAt: number;
  readonly #controlsAt: number;
  readonly #payloadsAt: number;
  /** Messages that the kernel has filled in since their lengths were reset. */
  #used: number;

  /** @param count - the most messages that one `receive` takes */
  constructor(libc: Libc, count = DEFAULT_COUNT) {
    const { message, vector } = libc.layout;
    this.#libc = libc;
    this.#recvmmsg = libc.call('recvmmsg');
    this.#count = count;
    const vectorsAt = count * message.size;
    this.#namesAt = vectorsAt + count * vector.size;
    this.#controlsAt = this.#namesAt + count * NAME_SIZE;
    this.#payloadsAt = this.#controlsAt + count * CONTROL_SIZE;
    this.#memory = libc.allocate(this.#payloadsAt + count * LARGEST_DATAGRAM);
    for (let index = 0; index < count; index++) this.#point(index, vectorsAt + index * vector.size);
    this.#used = count;
  }

  /**
   * Takes what has arrived on a socket, without waiting.
   * @param flags - besides MSG_DONTWAIT
   * @returns how many messages there are now, 0 when none had arrived, or the negative errno
   */
  receive(fd: number, flags = 0): number {
    for (let index = 0; index < this.#used; index++) this.#resetLengths(index);
    const result = this.#recvmmsg(fd, this.#memory.octets, this.#count, MSG.DONTWAIT | flags, null);
    this.#used = Math.max(0, result);
    return result === -ERRNO.AGAIN ? 0 : result;
  }

  /** Whether the batch was full: more may be waiting. */
  isFull(count: number): boolean {
    return count === this.#count;
  }

  /** A copy of the octets of a message. */
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

  /** Where a message came from; for one of the error queue, where the probe that failed went. */
  source(index: number): SocketAddress | undefined {
    return decodeSockaddr(this.#memory.octets, this.#namesAt + index * NAME_SIZE);
  }

  /** What the kernel tells beside a message. */
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

  /** Writes the addresses of a message's parts, once and for all. */
  #point(index: number, vectorAt: number): void {
    const { message, vector } = this.#libc.layout;
    const { view, address } = this.#memory;
    const at = index * message.size;
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

  /** The kernel overwrites them with what it used. */
  #resetLengths(index: number): void {
    const { message } = this.#libc.layout;
    const { view } = this.#memory;
    const at = index * message.size;
    view.setUint32(at + message.nameLength, SOCKADDR_LENGTH, true);
    view.setUint32(at + message.controlLength, CONTROL_SIZE, true);
    view.setUint32(at + message.flags, 0, true);
  }
}
