/** Reads messages from sockets of the kernel, with the kernel's own stamps. */
import type { Precision } from '../../model/reply.ts';
import { IP, IPV6, SO, SOL } from './constants.ts';
import type { Libc } from './libc.ts';
import { MessageBatch, type ControlMessage } from './message-batch.ts';
import type { SocketAddress } from './sockaddr.ts';
import { StampClock } from './stamp-clock.ts';
import { nowMs } from '../monotonic-clock.ts';

/** A datagram as the kernel gives it. */
export interface Message {
  /** A copy of its own. */
  readonly octets: Uint8Array;
  readonly source: SocketAddress;
  /** The time of arrival, on the scale of `nowMs()`. */
  readonly atMs: number;
  readonly precision: Precision;
  /** TTL or hop limit on arrival. */
  readonly ttl: number | undefined;
}

/** Takes a message and what the kernel tells about it. */
type Take = (message: Message, controls: readonly ControlMessage[]) => void;

/** So many times messages are read at least where so many wait, whatever their stamps say. */
const LEAST_READINGS = 32;

/** One reader serves all sockets of a transport. */
export class MessageReader {
  readonly #batch: MessageBatch;
  readonly #clock: StampClock;
  readonly #libc: Libc;
  readonly #onRead: (count: number) => void;

  /** @param onRead - is told how many messages have come before they are looked at, each time that they are asked for */
  constructor(libc: Libc, onRead: (count: number) => void = () => undefined) {
    this.#libc = libc;
    this.#onRead = onRead;
    this.#batch = new MessageBatch(libc);
    this.#clock = new StampClock(libc);
  }

  /**
   * Reads all that had arrived on a socket when this was called and passes it to `take`, oldest first, with its control
   * messages. What arrives meanwhile is left: a flood would never let it end.
   * @param flags - of recvmsg(2); MSG_ERRQUEUE reads the error queue, whose source is the probe's destination
   * @throws TransportError when the socket has failed
   */
  drain(fd: number, take: Take, flags = 0): void {
    const startMs = nowMs();
    let readings = 0;
    let last: Message | undefined;
    const noting: Take = (message, controls) => {
      last = message;
      take(message, controls);
    };
    while (this.readSome(fd, noting, flags)) {
      readings++;
      if (readings >= LEAST_READINGS && last && last.atMs >= startMs) return;
    }
  }

  /**
   * The same with a few messages at most.
   * @returns true when more may be waiting
   */
  readSome(fd: number, take: Take, flags = 0): boolean {
    this.#clock.read();
    const count = this.#libc.check(this.#batch.receive(fd, flags));
    this.#onRead(count);
    for (let index = 0; index < count; index++) {
      const source = this.#batch.source(index);
      const controls = this.#batch.controls(index);
      if (source) take(this.#messageOf(this.#batch.octets(index), source, controls), controls);
    }
    return this.#batch.isFull;
  }

  /**
   * Empties a socket that takes hardly anything any more, and looks at nothing of it.
   * @throws TransportError when the socket has failed
   */
  discard(fd: number): void {
    do this.#libc.check(this.#batch.receive(fd));
    while (this.#batch.isFull);
  }

  #messageOf(octets: Uint8Array, source: SocketAddress, controls: readonly ControlMessage[]): Message {
    let stamp: ControlMessage | undefined;
    let ttl: number | undefined;
    for (const message of controls) {
      if (message.level === SOL.SOCKET && message.type === SO.TIMESTAMPNS) stamp = message;
      else if (tellsTtl(message)) ttl = message.view.getInt32(message.at, true);
    }
    const { atMs, precision } = this.#timeOf(stamp);
    return { octets, source, atMs, precision, ttl };
  }

  /** Where the kernel has no stamp, or one that cannot be right, the time of reading counts. */
  #timeOf(stamp: ControlMessage | undefined): Pick<Message, 'atMs' | 'precision'> {
    const atMs = stamp && this.#clock.timeOf(this.#clock.stampIn(stamp.view, stamp.at));
    return atMs === undefined ? { atMs: nowMs(), precision: 'user' } : { atMs, precision: 'kernel' };
  }
}

function tellsTtl({ level, type }: ControlMessage): boolean {
  return (level === SOL.IP && type === IP.TTL) || (level === SOL.IPV6 && type === IPV6.HOPLIMIT);
}
