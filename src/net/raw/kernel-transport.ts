/** The exact transport on Linux: the kernel's own calls, stamps and filters. */
import { encodeDatagram } from '../../engine/encode-datagram.ts';
import type {
  ExpectedReplies,
  OutgoingDatagram,
  RawOptions,
  ReceivedDatagram,
  SendResult,
  Transport,
} from '../../ports/transport.ts';
import type { Family } from '../../model/address.ts';
import { TransportError } from '../../model/errors.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { zonedAddress } from '../host/interfaces.ts';
import { openFamilies } from '../open-families.ts';
import { IP, IPPROTO_RAW, IPV6, PMTUDISC, SO, SOCK, SOL } from '../linux/constants.ts';
import { DatagramSender } from './datagram-sender.ts';
import { KernelSocket } from '../linux/kernel-socket.ts';
import type { Libc } from '../linux/libc.ts';
import { assemble, attachFilter } from '../linux/packet-filter.ts';
import { watchReadable, type Readiness } from '../linux/readiness.ts';
import { MessageReader } from '../linux/message-reader.ts';
import { replyRules } from './reply-filter.ts';
import { selfTest } from '../linux/self-test.ts';

/** Room for some 5000 replies that come all at once. */
const RECEIVE_BUFFER_LENGTH = 4 << 20;

/** A socket that receives one protocol's messages. */
interface Inlet {
  readonly socket: KernelSocket;
  readonly family: Family;
  readonly protocol: number;
}

export class KernelTransport implements Transport {
  readonly name = 'kernel';
  readonly stampsArrivals: boolean;
  readonly #libc: Libc;
  readonly #reader: MessageReader;
  readonly #senders = new Map<Family, DatagramSender>();
  readonly #inlets: Inlet[] = [];
  #watches: readonly Readiness[] = [];
  #onReadable: () => void = () => undefined;
  #reads = 0;
  #isOpen = true;

  /**
   * @throws TransportError when a socket cannot be opened
   * @throws SelfTestError when the kernel's calls do not do what they should
   */
  constructor(libc: Libc, options: RawOptions) {
    this.#libc = libc;
    this.#reader = new MessageReader(libc);
    try {
      openFamilies(options.families, (family) => {
        this.#open(family, options);
      });
      this.stampsArrivals = selfTest(libc, this.#reader, options.families.includes(4) ? 4 : 6);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  send(datagram: OutgoingDatagram): SendResult {
    this.#refuseClosed();
    const sender = this.#senders.get(datagram.family);
    if (!sender) throw new TransportError('EINVAL', `no socket for IPv${datagram.family} was opened`);
    try {
      return sender.send(encodeDatagram(datagram), datagram);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      return { status: 'failed', error };
    }
  }

  receive(): readonly ReceivedDatagram[] {
    this.#refuseClosed();
    this.#reads++;
    const datagrams: ReceivedDatagram[] = [];
    for (const { socket, family, protocol } of this.#inlets) {
      this.#reader.drain(socket.fd, ({ source: from, octets, atMs, precision, ttl }) => {
        const source = zonedAddress(from);
        datagrams.push({ family, protocol, source, octets, hasHeader: family === 4, ttl, atMs, precision });
      });
    }
    return datagrams.sort((a, b) => a.atMs - b.atMs);
  }

  onReadable(callback: () => void): void {
    this.#onReadable = callback;
    if (!this.#isOpen || this.#watches.length > 0) return;
    this.#watches = this.#inlets.map(({ socket }) =>
      watchReadable(this.#libc, socket.fd, () => {
        this.#wake();
      }),
    );
  }

  narrow(expected: readonly ExpectedReplies[]): void {
    this.#refuseClosed();
    for (const { socket, family, protocol } of this.#inlets) {
      const program = assemble(replyRules({ family, protocol }, expected));
      if (!program) continue; // so many traces that reading all is cheaper
      attachFilter(this.#libc, socket.fd, program);
      // what had arrived before there was a filter
      this.#reader.drain(socket.fd, () => undefined);
    }
  }

  close(): void {
    this.#isOpen = false;
    this.#stopWatching();
    for (const sender of this.#senders.values()) sender.socket.close();
    for (const { socket } of this.#inlets) socket.close();
  }

  #open(family: Family, { protocols, dontRoute, debug }: RawOptions): void {
    const sender = new KernelSocket(this.#libc, family, SOCK.RAW, IPPROTO_RAW);
    this.#senders.set(family, new DatagramSender(this.#libc, sender));
    if (family === 4) sender.setOption(SOL.IP, IP.MTU_DISCOVER, PMTUDISC.probe);
    else sender.setOption(SOL.IPV6, IPV6.MTU_DISCOVER, PMTUDISC.probe);
    if (dontRoute) sender.setOption(SOL.SOCKET, SO.DONTROUTE, 1);
    if (debug) sender.setOption(SOL.SOCKET, SO.DEBUG, 1);
    const icmp = family === 4 ? IP_PROTOCOL.icmp : IP_PROTOCOL.icmpv6;
    for (const protocol of new Set([icmp, ...protocols])) {
      const socket = new KernelSocket(this.#libc, family, SOCK.RAW, protocol);
      this.#inlets.push({ socket, family, protocol });
      socket.askForFacts();
      socket.setReceiveBuffer(RECEIVE_BUFFER_LENGTH);
    }
  }

  /** A poll comes back at once as long as there is something to read: it ends when nobody reads. */
  #wake(): void {
    const reads = this.#reads;
    this.#onReadable();
    if (this.#reads === reads) this.#stopWatching();
  }

  #stopWatching(): void {
    for (const watch of this.#watches) watch.close();
    this.#watches = [];
  }

  #refuseClosed(): void {
    if (!this.#isOpen) throw new TransportError('EINVAL', 'the transport is closed');
  }
}
