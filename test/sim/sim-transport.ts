/** A transport over a simulated path. What is sent is answered after virtual time. */
import { addressOf } from '../../src/model/address.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { OutgoingDatagram, ReceivedDatagram, SendResult, Transport } from '../../src/ports/transport.ts';
import { ICMP_HEADER_LENGTH } from '../../src/wire/icmpv4.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encodeIpv6 } from '../../src/wire/ipv6.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import { readDatagram, type Datagram } from './datagram.ts';
import { resetOf } from './host/tcp.ts';
import { LocalMachine } from './local-machine.ts';
import { answer } from './path.ts';
import type { PathFormat } from './path-format.ts';
import { openPath, type Answer, type PathState } from './path-state.ts';
import { seededRandom } from './random.ts';
import { recordProbe, type RecordedProbe } from './record-probe.ts';

/** TTL of what the tracer's kernel sends by itself. */
const KERNEL_TTL = 64;

/** Options of a simulated transport. */
export interface SimOptions {
  readonly path: PathFormat;
  readonly clock: Clock;
  /** Protocols whose datagrams are received; ICMP and ICMPv6 always are. */
  readonly protocols: readonly number[];
  /** Decides the path's losses, jitter and random balancing. */
  readonly seed?: number;
  /** Whether only hosts on the attached network may be sent to. */
  readonly dontRoute?: boolean;
  /** All transports of the machine that are open, this one too: each hears what arrives. Absent: it is the only one. */
  readonly together?: Set<SimTransport>;
}

/** A datagram as it went out. */
export interface SentDatagram {
  readonly atMs: number;
  /** From the IP header on. */
  readonly octets: Uint8Array;
}

/** Raw sockets of the simulated machine. */
export class SimTransport implements Transport {
  readonly name = 'simulated';
  readonly #clock: Clock;
  readonly #path: PathState;
  readonly #machine: LocalMachine;
  readonly #protocols: ReadonlySet<number>;
  readonly #sent: SentDatagram[] = [];
  readonly #together: Set<SimTransport>;
  #arrived: ReceivedDatagram[] = [];
  #onReadable: (() => void) | undefined;
  #isClosed = false;

  constructor({ path, clock, protocols, seed = 1, dontRoute = false, together = new Set() }: SimOptions) {
    this.#together = together.add(this);
    this.#clock = clock;
    this.#path = openPath(path, seededRandom(seed), () => clock.nowMs());
    this.#machine = new LocalMachine(path, dontRoute);
    this.#protocols = new Set([IP_PROTOCOL.icmp, IP_PROTOCOL.icmpv6, ...protocols]);
  }

  /** All that was sent, in order, to the machine itself too. */
  get sent(): readonly SentDatagram[] {
    return this.#sent;
  }

  /** What reached the first router, as the recorded cases hold it. */
  get probes(): readonly RecordedProbe[] {
    return this.#sent.map(({ octets }) => recordProbe(octets)).filter(({ dst }) => !this.#machine.isOwn(dst));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** @throws Error when closed */
  send(datagram: OutgoingDatagram): SendResult {
    this.#refuseClosed();
    const atMs = this.#clock.nowMs();
    const octets = encode(datagram);
    const read = readDatagram(octets);
    const error = this.#machine.refusalOf(read, datagram.dontFragment);
    if (error) return { status: 'failed', error };
    this.#sent.push({ atMs, octets });
    const answers = this.#machine.answerTo(read)?.map(atOnce) ?? answer(this.#path, octets);
    for (const reply of answers.filter(isWhole)) {
      this.#clock.schedule(atMs + reply.afterMs, () => {
        this.deliver(reply.octets);
      });
    }
    return { status: 'sent', atMs };
  }

  /** Brings a whole IP datagram to the tracer's machine now. Each of its transports hears it that asked for its protocol. */
  deliver(octets: Uint8Array): void {
    this.#resetConnection(readDatagram(octets));
    for (const transport of this.#together) transport.#hear(octets);
  }

  #hear(octets: Uint8Array): void {
    const { family, protocol, source, ttl, transport } = readDatagram(octets);
    if (this.#isClosed || !this.#protocols.has(protocol)) return;
    const hasHeader = family === 4;
    this.#arrived.push({
      family,
      protocol,
      source: addressOf(source),
      octets: hasHeader ? octets.slice() : transport.slice(),
      hasHeader,
      ...(hasHeader ? {} : { ttl }),
      atMs: this.#clock.nowMs(),
      precision: 'user',
    });
    this.#onReadable?.();
  }

  /** @throws Error when closed */
  receive(): readonly ReceivedDatagram[] {
    this.#refuseClosed();
    const arrived = this.#arrived;
    this.#arrived = [];
    return arrived;
  }

  onReadable(callback: () => void): void {
    this.#onReadable = callback;
  }

  close(): void {
    this.#isClosed = true;
    this.#together.delete(this);
  }

  /** The kernel knows no connection of the probes' and resets whatever segment arrives. RFC 9293 section 3.10.7.1. */
  #resetConnection(datagram: Datagram): void {
    for (const reset of resetOf(datagram, KERNEL_TTL)) answer(this.#path, reset);
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new Error('the transport is closed');
  }
}

/** Linux gives raw sockets no ICMP message without a whole header: icmp_filter of net/ipv4/raw.c. */
function isWhole({ octets }: Answer): boolean {
  const { protocol, transport } = readDatagram(octets);
  return protocol !== IP_PROTOCOL.icmp || transport.length >= ICMP_HEADER_LENGTH;
}

function atOnce(octets: Uint8Array): Answer {
  return { afterMs: 0, octets };
}

/** The whole datagram, as the kernel would send it. */
function encode(datagram: OutgoingDatagram): Uint8Array {
  const { family, protocol, ttl, tos, payload } = datagram;
  if (family === 4) return encodeIpv4(datagram, payload);
  return encodeIpv6({ ...datagram, trafficClass: tos, nextHeader: protocol, hopLimit: ttl }, payload);
}
