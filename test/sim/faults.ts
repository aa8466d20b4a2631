/** Transports that lose, repeat, hold back and spoil what another one receives. */
import type { Clock } from '../../src/ports/clock.ts';
import type { ReceivedDatagram, SendResult, OutgoingDatagram, Transport } from '../../src/ports/transport.ts';
import { setUint16 } from '../../src/wire/bytes.ts';
import { internetChecksum } from '../../src/wire/checksum.ts';
import { decodeIpv4 } from '../../src/wire/ipv4.ts';
import { IPV6_HEADER_LENGTH } from '../../src/wire/ipv6.ts';
import { ICMP_CHECKSUM_OFFSET, ICMP_HEADER_LENGTH, ICMPV4_TYPE } from '../../src/wire/icmpv4.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import type { Random } from './random.ts';

/** Turns a received datagram into any number of datagrams, each this much later. */
export type Fault = (
  datagram: ReceivedDatagram,
) => readonly { readonly datagram: ReceivedDatagram; readonly afterMs: number }[];

/** Puts what a transport receives through `fault`. */
export function withFault(inner: Transport, clock: Clock, fault: Fault): Transport {
  let arrived: ReceivedDatagram[] = [];
  let onReadable: () => void = () => undefined;
  const deliver = (datagram: ReceivedDatagram) => {
    arrived.push(datagram);
    onReadable();
  };
  inner.onReadable(() => {
    for (const { datagram, afterMs } of inner.receive().flatMap(fault)) {
      if (afterMs === 0) deliver(datagram);
      else
        clock.schedule(clock.nowMs() + afterMs, () => {
          deliver({ ...datagram, atMs: clock.nowMs() });
        });
    }
  });
  return {
    name: inner.name,
    send: (datagram) => inner.send(datagram),
    receive: () => {
      const received = arrived;
      arrived = [];
      return received;
    },
    onReadable: (callback) => {
      onReadable = callback;
    },
    close: () => {
      inner.close();
    },
  };
}

/** Delivers every datagram once more, `afterMs` later. */
export function duplicate(afterMs: number): Fault {
  return (datagram) => [
    { datagram, afterMs: 0 },
    { datagram, afterMs },
  ];
}

/** Holds every datagram back for 0 up to `maxDelayMs`, so that later ones overtake it. */
export function reorder(random: Random, maxDelayMs: number): Fault {
  return (datagram) => [{ datagram, afterMs: random() * maxDelayMs }];
}

/** Loses this share of all datagrams, 0 to 1. */
export function drop(random: Random, share: number): Fault {
  return (datagram) => (random() < share ? [] : [{ datagram, afterMs: 0 }]);
}

/**
 * Loses this share of all datagrams, 0 up to 1, in bursts of `length` on average: the channel of E. N. Gilbert, who is
 * either fine or loses all.
 */
export function dropInBursts(random: Random, share: number, length: number): Fault {
  let isBad = false;
  const toGood = 1 / length;
  const toBad = (toGood * share) / (1 - share);
  return (datagram) => {
    isBad = isBad ? random() >= toGood : random() < toBad;
    return isBad ? [] : [{ datagram, afterMs: 0 }];
  };
}

/** Changes one octet of each datagram. */
export function corrupt(random: Random): Fault {
  return (datagram) => {
    const octets = datagram.octets.slice();
    const at = Math.floor(random() * octets.length);
    octets[at] = (octets[at] ?? 0) ^ (1 + Math.floor(random() * 255));
    return [{ datagram: { ...datagram, octets }, afterMs: 0 }];
  };
}

/**
 * Cuts the quotes of errors behind their IP header. IP's length and checksum are left.
 * @param length - the octets of the transport header that remain: 8 are all that RFC 792 asks for
 */
export function cutQuotes(length = QUOTED_TRANSPORT_LENGTH): Fault {
  return (datagram) => {
    const end = endOfShortQuote(datagram, length);
    return [{ datagram: resummed({ ...datagram, octets: datagram.octets.slice(0, end) }), afterMs: 0 }];
  };
}

/** An ICMP message over IPv4 with its checksum made anew; anything else as it is. */
export function resummed(datagram: ReceivedDatagram): ReceivedDatagram {
  const { protocol, hasHeader } = datagram;
  if (protocol !== IP_PROTOCOL.icmp || !hasHeader) return datagram;
  const octets = datagram.octets.slice();
  const message = octets.subarray(decodeIpv4(octets).headerLength);
  setUint16(message, ICMP_CHECKSUM_OFFSET, 0);
  setUint16(message, ICMP_CHECKSUM_OFFSET, internetChecksum(message));
  return { ...datagram, octets };
}

const QUOTED_TRANSPORT_LENGTH = 8;
const ICMPV4_ERRORS: readonly number[] = [ICMPV4_TYPE.destinationUnreachable, ICMPV4_TYPE.timeExceeded];
const ICMPV6_ERROR_LIMIT = 128;

function endOfShortQuote({ protocol, octets, hasHeader }: ReceivedDatagram, length: number): number {
  const message = hasHeader ? decodeIpv4(octets).headerLength : 0;
  const quote = message + ICMP_HEADER_LENGTH;
  const type = octets[message] ?? 0;
  if (protocol === IP_PROTOCOL.icmp && ICMPV4_ERRORS.includes(type)) {
    return quote + decodeIpv4(octets.subarray(quote)).headerLength + length;
  }
  if (protocol === IP_PROTOCOL.icmpv6 && type < ICMPV6_ERROR_LIMIT) {
    return quote + IPV6_HEADER_LENGTH + length;
  }
  return octets.length;
}

/** Lets `foreign` datagrams, answers to somebody else, follow each datagram. */
export function inject(foreign: readonly ReceivedDatagram[]): Fault {
  return (datagram) =>
    [datagram, ...foreign].map((each) => ({ datagram: { ...each, atMs: datagram.atMs }, afterMs: 0 }));
}

/** Asks `refuse` about each send of a transport. Undefined lets it through. */
export function withRefusals(
  inner: Transport,
  refuse: (datagram: OutgoingDatagram, count: number) => SendResult | undefined,
): Transport {
  let count = 0;
  return {
    name: inner.name,
    send: (datagram) => refuse(datagram, count++) ?? inner.send(datagram),
    receive: () => inner.receive(),
    onReadable: (callback) => {
      inner.onReadable(callback);
    },
    close: () => {
      inner.close();
    },
  };
}
