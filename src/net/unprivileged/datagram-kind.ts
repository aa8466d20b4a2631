/** Maps the probes of a protocol to a datagram socket: some octets the socket writes itself, some it is given. */
import { viewOf } from '../../wire/bytes.ts';
import { ICMP_HEADER_LENGTH } from '../../wire/icmpv4.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
import { decodeUdp, UDP_HEADER_LENGTH } from '../../wire/udp.ts';
import type { Message } from '../linux/message-reader.ts';
import type { ErrorMessage } from '../linux/error-queue.ts';
import { udpAnswer } from './synthesis.ts';

/** A probe as a datagram socket sends it. */
export interface SocketProbe {
  /** The port to bind, or for a ping socket the identifier of its echo requests. */
  readonly localPort: number;
  readonly remotePort: number;
  /** 16 bits that tell the probes of a socket apart. */
  readonly key: number;
  /** The octets to hand to the socket. */
  readonly data: Uint8Array;
}

/** A protocol's way through a datagram socket. */
export interface DatagramKind {
  /** @param payload - a probe's, from the transport header on */
  probe(payload: Uint8Array): SocketProbe;
  /** The key of the probe that an error answers. */
  keyOf(error: ErrorMessage): number;
  /** The octets that a raw socket would have received, from the transport header on. */
  answer(message: Message, localPort: number): Uint8Array;
}

/** UDP and UDP-Lite: the socket writes the header. */
const udp: DatagramKind = {
  probe(payload) {
    const { sourcePort, destinationPort } = decodeUdp(payload);
    const data = payload.subarray(UDP_HEADER_LENGTH);
    return { localPort: sourcePort, remotePort: destinationPort, key: destinationPort, data };
  },
  keyOf: ({ source }) => source.port,
  answer: ({ source, octets }, localPort) => udpAnswer(source.port, localPort, octets),
};

const ECHO_OFFSET = { identifier: 4, sequence: 6 } as const;

/** ICMP and ICMPv6 echo: the socket writes its own identifier, and the checksum. */
const echo: DatagramKind = {
  probe(payload) {
    const view = viewOf(payload, ICMP_HEADER_LENGTH, 'ICMP');
    const localPort = view.getUint16(ECHO_OFFSET.identifier);
    return { localPort, remotePort: 0, key: view.getUint16(ECHO_OFFSET.sequence), data: payload };
  },
  keyOf: ({ octets }) => viewOf(octets, ICMP_HEADER_LENGTH, 'ICMP').getUint16(ECHO_OFFSET.sequence),
  answer: ({ octets }) => octets,
};

/** The kind of a protocol; undefined where every socket for it needs a right. */
export function datagramKind(protocol: number): DatagramKind | undefined {
  switch (protocol) {
    case IP_PROTOCOL.udp:
    case IP_PROTOCOL.udplite:
      return udp;
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmpv6:
      return echo;
    default:
      return undefined;
  }
}
