/** A probe at its end, and the two forms of an answer to it. */
import type { Datagram } from '../datagram.ts';
import { encodeDatagram } from '../datagram.ts';
import { destinationPort } from '../filter.ts';
import { encodeError, protocolUnreachable, type IcmpErrorKind } from '../icmp-error.ts';
import type { HostFormat, PortState } from '../path-format.ts';
import { withChecksum } from '../transport-checksum.ts';

/** A probe at its end. */
export interface Arrival {
  readonly host: HostFormat;
  /** As it arrived. Errors quote it. */
  readonly arrived: Datagram;
  /** The same, addressed as the tracer did, whatever translated it on the way. Replies come from that address. */
  readonly addressed: Datagram;
  /** TTL of the answer at the tracer, 1 to 255. */
  readonly replyTtl: number;
}

/** Makes the datagram that answers `probe` in its own protocol; the checksum is filled in. */
export function reply(probe: Datagram, ttl: number, transport: Uint8Array): Uint8Array {
  const endpoints = { source: probe.destination, destination: probe.source };
  const { protocol } = probe;
  return encodeDatagram({
    ...endpoints,
    protocol,
    ttl,
    transport: withChecksum(endpoints, protocol, transport),
  });
}

/** Makes the ICMP error that answers a probe. */
export function errorReply({ arrived, addressed, replyTtl }: Arrival, kind: IcmpErrorKind): Uint8Array {
  return encodeError(kind, arrived, { responder: addressed.destination, ttl: replyTtl });
}

/** Answers as a host that does not know the probe's protocol. */
export function answerUnknown(arrival: Arrival): Uint8Array[] {
  if (arrival.host.proto_default === 'silent') return [];
  return [errorReply(arrival, protocolUnreachable(arrival.arrived.family))];
}

/** Looks up the state of the port that a probe came to; undefined where `ports` does not name it. */
export function stateOf(
  ports: Readonly<Record<string, PortState>> | undefined,
  { arrived }: Arrival,
): PortState | undefined {
  return ports?.[destinationPort(arrived) ?? 0];
}
