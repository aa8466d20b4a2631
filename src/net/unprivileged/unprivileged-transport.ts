/** The transport that takes no rights: datagram sockets, ping sockets and connects, and their error queues. */
import type {
  OutgoingDatagram,
  RawOptions,
  ReceivedDatagram,
  SendResult,
  Transport,
} from '../../ports/transport.ts';
import type { Family } from '../../model/address.ts';
import { MissingRightError, TransportError } from '../../model/errors.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { SO, SOCK, SOL } from '../linux/constants.ts';
import { KernelSocket } from '../linux/kernel-socket.ts';
import type { Libc } from '../linux/libc.ts';
import { watchReadable, type Readiness } from '../linux/readiness.ts';
import { MessageReader } from '../linux/message-reader.ts';
import { selfTest } from '../linux/self-test.ts';
import { openFamilies } from '../open-families.ts';
import { ChannelTable } from './channel-table.ts';
import { ConnectionTable } from './connection-table.ts';
import { InterestList } from '../linux/interest-list.ts';
import { beyondSockets, witnessProtocols } from './limits.ts';
import { Outbox } from './outbox.ts';
import { nowMs } from '../monotonic-clock.ts';

export class UnprivilegedTransport implements Transport {
  readonly name = 'unprivileged';
  readonly #libc: Libc;
  readonly #interests: InterestList;
  readonly #connections: ConnectionTable;
  readonly #channels: ChannelTable;
  /** Keep the kernel stamping what arrives. */
  readonly #witnesses: KernelSocket[] = [];
  /** Protocols whose sockets this user may not open, and what the system said. */
  readonly #denied = new Map<number, TransportError>();
  #readiness: Readiness | undefined;
  #onReadable: () => void = () => undefined;
  /** Calls of `receive`. */
  #reads = 0;
  #isOpen = true;

  /**
   * @throws TransportError when the system refuses, or denies the sockets of all the protocols
   * @throws SelfTestError when the kernel's calls do not do what they should
   */
  constructor(libc: Libc, options: RawOptions) {
    const { families, dontRoute } = options;
    const reader = new MessageReader(libc);
    this.#libc = libc;
    this.#interests = new InterestList(libc);
    const tools = { libc, reader, outbox: new Outbox(libc), interests: this.#interests, dontRoute };
    this.#connections = new ConnectionTable(tools);
    this.#channels = new ChannelTable(tools);
    try {
      openFamilies(families, (family) => {
        this.#openWitnesses(family, options);
      });
      const [denied] = this.#denied.values();
      if (denied && this.#witnesses.length === 0) throw denied;
      selfTest(libc, reader, families.includes(4) ? 4 : 6);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  send(datagram: OutgoingDatagram): SendResult {
    this.#refuseClosed();
    const error = this.#missingRight(datagram);
    if (error) return { status: 'failed', error };
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
      const readyMs = nowMs();
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

  /** Why this probe takes a raw socket; undefined when it does not. */
  #missingRight(datagram: OutgoingDatagram): MissingRightError | undefined {
    const beyond = beyondSockets(datagram);
    if (beyond !== undefined) return new MissingRightError(beyond, 'EPERM');
    return this.#denied.has(datagram.protocol) ? new MissingRightError('ICMP echo', 'EACCES') : undefined;
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
      const socket = this.#openWitness(family, protocol);
      if (!socket) continue;
      this.#witnesses.push(socket);
      socket.askForFacts();
      if (debug) socket.setOption(SOL.SOCKET, SO.DEBUG, 1);
    }
  }

  /** Undefined where only its group keeps the user from it: net.ipv4.ping_group_range. */
  #openWitness(family: Family, protocol: number): KernelSocket | undefined {
    try {
      return new KernelSocket(this.#libc, family, SOCK.DGRAM, protocol);
    } catch (error) {
      if (!(error instanceof TransportError) || error.code !== 'EACCES') throw error;
      this.#denied.set(protocol, error);
      return undefined;
    }
  }
}
