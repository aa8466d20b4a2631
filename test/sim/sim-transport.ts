/** A transport over a simulated path: what is sent is answered after virtual time. */
import { addressOf } from '../../src/model/address.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { OutgoingDatagram, ReceivedDatagram, SendResult, Transport } from '../../src/ports/transport.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encodeIpv6 } from '../../src/wire/ipv6.ts';
import { IP_PROTOCOL } from '../../src/wire/ip-protocol.ts';
import { readDatagram } from './datagram.ts';
import { answer, openPath, type PathState } from './path.ts';
import type { PathFormat } from './path-format.ts';
import { seededRandom } from './random.ts';
import { recordProbe, type RecordedProbe } from './record-probe.ts';

export interface SimOptions {
  readonly path: PathFormat;
  readonly clock: Clock;
  /** Protocols whose datagrams are received; ICMP and ICMPv6 always are. */
  readonly protocols: readonly number[];
  /** Decides the path's losses, jitter and random balancing. */
  readonly seed?: number;
}

/** A datagram as it went out. */
export interface SentDatagram {
  readonly atMs: number;
  /** From the IP header on. */
  readonly octets: Uint8Array;
}

export class SimTransport implements Transport {
  readonly name = 'simulated';
  readonly #clock: Clock;
  readonly #path: PathState;
  readonly #protocols: ReadonlySet<number>;
  readonly #sent: SentDatagram[] = [];
  #arrived: ReceivedDatagram[] = [];
  #onReadable: (() => void) | undefined;
  #isClosed = false;

  constructor({ path, clock, protocols, seed = 1 }: SimOptions) {
    this.#clock = clock;
    this.#path = openPath(path, seededRandom(seed), () => clock.nowMs());
    this.#protocols = new Set([IP_PROTOCOL.icmp, IP_PROTOCOL.icmpv6, ...protocols]);
  }

  /** All that was sent, in order. */
  get sent(): readonly SentDatagram[] {
    return this.#sent;
  }

  /** The same as the recorded cases hold it. */
  get probes(): readonly RecordedProbe[] {
    return this.#sent.map(({ octets }) => recordProbe(octets));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** @throws Error when closed */
  send(datagram: OutgoingDatagram): SendResult {
    this.#refuseClosed();
    const atMs = this.#clock.nowMs();
    const octets = encode(datagram);
    this.#sent.push({ atMs, octets });
    for (const reply of answer(this.#path, octets)) {
      this.#clock.schedule(atMs + reply.afterMs, () => {
        this.deliver(reply.octets);
      });
    }
    return { status: 'sent', atMs };
  }

  /** Brings a whole IP datagram to the tracer now, if it asked for its protocol. */
  deliver(octets: Uint8Array): void {
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
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new Error('the transport is closed');
  }
}

/** The whole datagram, as the kernel would send it. */
function encode(datagram: OutgoingDatagram): Uint8Array {
  const { family, protocol, ttl, tos, payload } = datagram;
  if (family === 4) return encodeIpv4(datagram, payload);
  return encodeIpv6({ ...datagram, trafficClass: tos, nextHeader: protocol, hopLimit: ttl }, payload);
}
