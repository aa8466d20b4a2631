/** The transport that takes no rights: datagram sockets, ping sockets and connects, and their error queues. */
import type {
  OutgoingDatagram,
  RawOptions,
  ReceivedDatagram,
  SendResult,
  Transport,
} from '../../engine/ports.ts';
import type { Family } from '../../model/address.ts';
import { HOW_TO_GET_RIGHT, TransportError } from '../../model/errors.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { SO, SOCK, SOL } from '../kernel/constants.ts';
import { KernelSocket } from '../kernel/kernel-socket.ts';
import type { Libc } from '../kernel/libc.ts';
import { watchReadable, type Readiness } from '../kernel/readiness.ts';
import { Receiver } from '../kernel/receiver.ts';
import { selfTest } from '../kernel/self-test.ts';
import { openFamilies } from '../open-families.ts';
import { Channels } from './channels.ts';
import { Connections } from './connections.ts';
import { InterestList } from './interest-list.ts';
import { beyondSockets, witnessProtocols } from './limits.ts';
import { Outbox } from './outbox.ts';

export class UnprivilegedTransport implements Transport {
  readonly name = 'unprivileged';
  readonly #libc: Libc;
  readonly #interests: InterestList;
  readonly #connections: Connections;
  readonly #channels: Channels;
  /** Keep the kernel stamping what arrives. */
  readonly #witnesses: KernelSocket[] = [];
  #readiness: Readiness | undefined;
  #onReadable: () => void = () => undefined;
  /** Calls of `receive`. */
  #reads = 0;
  #isOpen = true;

  /**
   * @throws TransportError when the system refuses, or none of the protocols can be had without rights
   * @throws SelfTestError when the kernel's calls do not do what they should
   */
  constructor(libc: Libc, options: RawOptions) {
    const { families, dontRoute } = options;
    const receiver = new Receiver(libc);
    this.#libc = libc;
    this.#interests = new InterestList(libc);
    const tools = { libc, receiver, outbox: new Outbox(libc), interests: this.#interests, dontRoute };
    this.#connections = new Connections(tools);
    this.#channels = new Channels(tools);
    try {
      openFamilies(families, (family) => {
        this.#openWitnesses(family, options);
      });
      selfTest(libc, receiver, families.includes(4) ? 4 : 6);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** @throws TransportError EPERM for a probe that takes a raw socket */
  send(datagram: OutgoingDatagram): SendResult {
    this.#refuseClosed();
    const beyond = beyondSockets(datagram);
    if (beyond !== undefined) {
      throw new TransportError('EPERM', `${beyond}: cannot open a raw socket: EPERM (${HOW_TO_GET_RIGHT})`);
    }
    try {
      return datagram.protocol === IP_PROTOCOL.tcp
        ? this.#connections.send(datagram)
        : this.#channels.send(datagram);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      return { status: 'failed', error };
    }
  }

  receive(): readonly ReceivedDatagram[] {
    this.#refuseClosed();
    this.#reads++;
    const received: ReceivedDatagram[] = [];
    let ready: readonly number[];
    do {
      ready = this.#interests.ready();
      const readyMs = performance.now();
      for (const fd of ready) received.push(...this.#drain(fd, readyMs));
    } while (this.#interests.isFull(ready));
    return received.sort((a, b) => a.atMs - b.atMs);
  }

  onReadable(callback: () => void): void {
    this.#onReadable = callback;
    if (!this.#isOpen) return;
    this.#readiness ??= watchReadable(this.#libc, this.#interests.fd, () => {
      this.#wake();
    });
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#stopWatching();
    this.#connections.close();
    this.#channels.close();
    for (const socket of this.#witnesses) socket.close();
    this.#interests.close();
  }

  /** A poll comes back at once as long as there is something to read: it ends when nobody reads. */
  #wake(): void {
    const before = this.#reads;
    this.#onReadable();
    if (this.#reads === before) this.#stopWatching();
  }

  #stopWatching(): void {
    this.#readiness?.close();
    this.#readiness = undefined;
  }

  #drain(fd: number, readyMs: number): ReceivedDatagram[] {
    return this.#channels.of(fd)?.drain() ?? this.#connections.drain(fd, readyMs);
  }

  #refuseClosed(): void {
    if (!this.#isOpen) throw new TransportError('EINVAL', 'the transport is closed');
  }

  /** A socket of each kind that the probes will need, to see that it may be opened. */
  #openWitnesses(family: Family, { protocols, debug }: RawOptions): void {
    for (const protocol of witnessProtocols(family, protocols)) {
      const socket = new KernelSocket(this.#libc, family, SOCK.DGRAM, protocol);
      this.#witnesses.push(socket);
      socket.askForFacts();
      if (debug) socket.setOption(SOL.SOCKET, SO.DEBUG, 1);
    }
  }
}
