/** The exact transport on Linux: the kernel's own calls, stamps and filters. Needs the right to raw sockets. */
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
import { FragmentedSend } from '../fragmented-send.ts';
import { heardProtocols } from '../heard-protocols.ts';
import { zonedAddress } from '../host/interfaces.ts';
import { hidesOwnAnswer } from '../own-answer.ts';
import { openFamilies } from '../open-families.ts';
import { failedSend, noSocketFor, refuseClosed } from '../transport-errors.ts';
import { IP, IPPROTO_RAW, IPV6, PMTUDISC, SO, SOCK, SOL } from '../linux/constants.ts';
import { KernelSocket } from '../linux/kernel-socket.ts';
import type { Libc } from '../linux/libc.ts';
import { MessageReader, type Message } from '../linux/message-reader.ts';
import { assemble, assembleRest, attachFilter, guarded, nothing, type Rule } from '../linux/packet-filter.ts';
import { sharedNetlink } from '../linux/netlink.ts';
import { ReadWatch } from '../linux/read-watch.ts';
import { explainTest, selfTest } from '../linux/self-test.ts';
import { setMark } from '../linux/mark.ts';
import { DatagramSender } from './datagram-sender.ts';
import { replyRules, type Heard } from './reply-filter.ts';
import { Ways } from './ways.ts';

/** Room for some 5000 replies that come all at once, in octets. */
const RECEIVE_BUFFER_LENGTH = 4 << 20;

/**
 * What arrives while others are read may be older than they are, where replies and the rest have sockets of their own. So
 * all are read again until nothing comes, so many times at most. In a flood they are not: it always brings more.
 */
const MOST_READINGS = 8;

/**
 * Room for what is no reply, in octets. It is read a few messages at a time: what a flood brings beyond that is dropped
 * here, and not among the replies.
 */
const OVERHEARD_BUFFER_LENGTH = 256 << 10;

/** A socket that receives the messages of one protocol. */
interface Inlet extends Heard {
  readonly socket: KernelSocket;
}

/** Sends and receives whole datagrams. Arrivals carry the kernel's stamp. */
export class KernelTransport implements Transport {
  readonly name = 'kernel';
  readonly stampsArrivals: boolean;
  readonly tellsOfReading = true;
  readonly #libc: Libc;
  readonly #reader: MessageReader;
  readonly #watch: ReadWatch;
  readonly #senders = new Map<Family, DatagramSender>();
  readonly #inlets: Inlet[] = [];
  /** For what is no reply, where that is wanted; they hear nothing until replies can be told apart. */
  readonly #overheard: Inlet[] = [];
  readonly #fragmented = new FragmentedSend();
  readonly #ways: Ways | undefined;
  #isOpen = true;

  /**
   * @throws TransportError when a socket cannot be opened
   * @throws SelfTestError when the kernel's calls do not do what they should
   */
  constructor(libc: Libc, options: RawOptions) {
    this.#libc = libc;
    this.#reader = new MessageReader(libc, options.onRead);
    this.#watch = new ReadWatch(libc);
    this.#ways = waysFor(libc, options);
    try {
      openFamilies(options.families, (family) => {
        this.#open(family, options);
      });
      const tested = selfTest(libc, this.#reader, options.families.includes(4) ? 4 : 6);
      this.stampsArrivals = explainTest(tested, options.explain);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  send(datagram: OutgoingDatagram): SendResult {
    refuseClosed(this.#isOpen);
    const sender = this.#senders.get(datagram.family);
    if (!sender) throw noSocketFor(datagram.family);
    try {
      return this.#fragmented.send(datagram, encodeDatagram(datagram), (octets) =>
        sender.send(octets, datagram),
      );
    } catch (error) {
      return failedSend(error);
    }
  }

  astray(datagram: OutgoingDatagram): string | undefined {
    return this.#senders.get(datagram.family)?.astray(datagram);
  }

  receive(): readonly ReceivedDatagram[] {
    refuseClosed(this.#isOpen);
    this.#watch.noteRead();
    const datagrams: ReceivedDatagram[] = [];
    const takeFrom =
      ({ family, protocol }: Inlet) =>
      ({ source: from, octets, atMs, precision, ttl }: Message): void => {
        const source = zonedAddress(from);
        datagrams.push({ family, protocol, source, octets, hasHeader: family === 4, ttl, atMs, precision });
      };
    const readAll = (): boolean => {
      const before = datagrams.length;
      let isFlood = false;
      for (const inlet of this.#inlets) this.#reader.drain(inlet.socket.fd, takeFrom(inlet));
      for (const inlet of this.#overheard)
        isFlood = this.#reader.readSome(inlet.socket.fd, takeFrom(inlet)) || isFlood;
      return !isFlood && this.#overheard.length > 0 && datagrams.length > before;
    };
    for (let reading = 0; reading < MOST_READINGS && readAll(); reading++);
    return datagrams.sort((a, b) => a.atMs - b.atMs);
  }

  onReadable(callback: () => void): void {
    if (!this.#isOpen) return;
    this.#watch.start(
      [...this.#inlets, ...this.#overheard].map(({ socket }) => socket.fd),
      callback,
    );
  }

  makeWay(expected: readonly ExpectedReplies[]): void {
    refuseClosed(this.#isOpen);
    for (const inlets of [this.#inlets, this.#overheard]) {
      for (const inlet of inlets.filter((each) => hidesOwnAnswer(each, expected))) {
        inlet.socket.close();
        inlets.splice(inlets.indexOf(inlet), 1);
      }
    }
  }

  narrow(expected: readonly ExpectedReplies[]): void {
    refuseClosed(this.#isOpen);
    for (const inlet of this.#inlets) {
      const rules = replyRules(inlet, expected);
      if (!this.#sift(inlet, rules)) continue; // for so many traces it is cheaper to read all
      // drop what arrived before there was a filter
      this.#reader.discard(inlet.socket.fd);
    }
  }

  /** Lets replies alone through, and all else where it is overheard. False where there are too many rules. */
  #sift({ socket, family, protocol }: Inlet, rules: readonly Rule[]): boolean {
    const other = this.#overheard.find((each) => each.family === family && each.protocol === protocol);
    const sure = other ? rules.map(guarded) : rules;
    const [program, rest] = [assemble(sure), other && assembleRest(sure)];
    if (!program || (other && !rest)) return false;
    attachFilter(this.#libc, socket.fd, program);
    if (other && rest) attachFilter(this.#libc, other.socket.fd, rest);
    return true;
  }

  close(): void {
    this.#isOpen = false;
    this.#watch.stop();
    for (const sender of this.#senders.values()) sender.socket.close();
    for (const { socket } of [...this.#inlets, ...this.#overheard]) socket.close();
  }

  #open(family: Family, { protocols, overhears, dontRoute, debug, mark }: RawOptions): void {
    const sender = new KernelSocket(this.#libc, family, SOCK.RAW, IPPROTO_RAW);
    this.#senders.set(family, new DatagramSender(this.#libc, sender, this.#ways));
    if (family === 4) sender.setOption(SOL.IP, IP.MTU_DISCOVER, PMTUDISC.probe);
    else sender.setOption(SOL.IPV6, IPV6.MTU_DISCOVER, PMTUDISC.probe);
    if (dontRoute) sender.setOption(SOL.SOCKET, SO.DONTROUTE, 1);
    if (debug) sender.setOption(SOL.SOCKET, SO.DEBUG, 1);
    if (mark !== undefined) setMark(sender, mark);
    for (const protocol of heardProtocols(family, protocols)) {
      this.#hear(this.#inlets, family, protocol, RECEIVE_BUFFER_LENGTH);
      if (!overhears) continue;
      const { fd } = this.#hear(this.#overheard, family, protocol, OVERHEARD_BUFFER_LENGTH);
      attachFilter(this.#libc, fd, nothing());
    }
  }

  #hear(inlets: Inlet[], family: Family, protocol: number, bufferLength: number): KernelSocket {
    const socket = new KernelSocket(this.#libc, family, SOCK.RAW, protocol);
    inlets.push({ socket, family, protocol });
    socket.askForFacts();
    socket.setReceiveBuffer(bufferLength);
    return socket;
  }
}

/** Undefined where routing is bypassed. */
function waysFor(libc: Libc, { device, mark = 0, dontRoute }: RawOptions): Ways | undefined {
  if (dontRoute) return undefined;
  const netlink = sharedNetlink(libc);
  // an interface that is not there is refused before anything is sent
  const outInterface = device === undefined ? 0 : (netlink.link(device)?.index ?? 0);
  return new Ways(netlink, { outInterface, mark, socketUid: process.geteuid?.() });
}
