/** The transport that needs no right: datagram sockets, ping sockets and connects, with their error queues. */
import type {
  OutgoingDatagram,
  RawOptions,
  ReceivedDatagram,
  SendResult,
  Transport,
} from '../../ports/transport.ts';
import type { Family } from '../../model/address.ts';
import { MissingRightError, TransportError } from '../../model/errors.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
import { nowMs } from '../monotonic-clock.ts';
import { openFamilies } from '../open-families.ts';
import { failedSend, refuseClosed } from '../transport-errors.ts';
import { SO, SOCK, SOL } from '../linux/constants.ts';
import { InterestList } from '../linux/interest-list.ts';
import { KernelSocket } from '../linux/kernel-socket.ts';
import type { Libc } from '../linux/libc.ts';
import { setMark } from '../linux/mark.ts';
import { MessageReader } from '../linux/message-reader.ts';
import { ReadWatch } from '../linux/read-watch.ts';
import { explainTest, selfTest } from '../linux/self-test.ts';
import { ChannelTable } from './channel-table.ts';
import { ConnectionTable } from './connection-table.ts';
import { beyondSockets, witnessProtocols } from './limits.ts';
import { Outbox } from './outbox.ts';

/** Sends what plain sockets can send, and receives what their error queues tell as if it were raw. */
export class UnprivilegedTransport implements Transport {
  readonly name = 'unprivileged';
  readonly connectsEach = true;
  readonly #libc: Libc;
  readonly #interests: InterestList;
  readonly #watch: ReadWatch;
  readonly #connections: ConnectionTable;
  readonly #channels: ChannelTable;
  /** As long as they are open the kernel stamps what arrives. */
  readonly #witnesses: KernelSocket[] = [];
  /** Protocols whose sockets this user may not open, and what the system said. */
  readonly #denied = new Map<number, TransportError>();
  /** What to tell of probes that take more; undefined where the right to it would help. */
  readonly #remedy: string | undefined;
  #isOpen = true;

  /**
   * @throws TransportError when the system refuses, or denies the sockets of all the protocols
   * @throws SelfTestError when the kernel's calls do not do what they should
   */
  constructor(libc: Libc, options: RawOptions) {
    const { families, transport } = options;
    if (transport === 'plain') this.#remedy = 'it takes a raw socket, and plain ones were asked for';
    const reader = new MessageReader(libc);
    this.#libc = libc;
    this.#interests = new InterestList(libc);
    this.#watch = new ReadWatch(libc);
    const tools = { libc, reader, outbox: new Outbox(libc), interests: this.#interests, routing: options };
    this.#connections = new ConnectionTable(tools);
    this.#channels = new ChannelTable(tools);
    try {
      openFamilies(families, (family) => {
        this.#openWitnesses(family, options);
      });
      const [denied] = this.#denied.values();
      if (denied && this.#witnesses.length === 0) throw denied;
      explainTest(selfTest(libc, reader, families.includes(4) ? 4 : 6), options.explain);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  send(datagram: OutgoingDatagram): SendResult {
    refuseClosed(this.#isOpen);
    const missing = this.#missingRight(datagram);
    if (missing) return { status: 'failed', error: missing };
    const sockets = datagram.protocol === IP_PROTOCOL.tcp ? this.#connections : this.#channels;
    try {
      return sockets.send(datagram);
    } catch (error) {
      return failedSend(error);
    }
  }

  receive(): readonly ReceivedDatagram[] {
    refuseClosed(this.#isOpen);
    this.#watch.noteRead();
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
    if (this.#isOpen) this.#watch.start([this.#interests.fd], callback);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#watch.stop();
    this.#connections.close();
    this.#channels.close();
    for (const socket of this.#witnesses) socket.close();
    this.#interests.close();
  }

  /** Says why this probe needs a raw socket; undefined when it needs none. */
  #missingRight(datagram: OutgoingDatagram): MissingRightError | undefined {
    const beyond = beyondSockets(datagram);
    if (beyond !== undefined) return new MissingRightError(beyond, 'EPERM', this.#remedy);
    return this.#denied.has(datagram.protocol) ? new MissingRightError('ICMP echo', 'EACCES') : undefined;
  }

  #drain(fd: number, readyMs: number): ReceivedDatagram[] {
    return this.#channels.of(fd)?.drain() ?? this.#connections.drain(fd, readyMs);
  }

  /** Opens one socket of each kind that the probes will need, to learn now whether it may be opened. */
  #openWitnesses(family: Family, { protocols, debug, mark }: RawOptions): void {
    for (const protocol of witnessProtocols(family, protocols)) {
      const socket = this.#openWitness(family, protocol);
      if (!socket) continue;
      this.#witnesses.push(socket);
      socket.askForFacts();
      if (debug) socket.setOption(SOL.SOCKET, SO.DEBUG, 1);
      if (mark !== undefined) setMark(socket, mark);
    }
  }

  /** Undefined where net.ipv4.ping_group_range alone keeps the user from it. */
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
