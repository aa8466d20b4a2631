/** Firewall rules of the path format: which datagrams they match. */
import { viewOf } from '../../src/wire/bytes.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import { TCP_FLAG } from '../../src/wire/tcp.ts';
import type { Datagram } from './datagram.ts';

const BY_NAME: Readonly<Record<string, readonly number[]>> = {
  icmp: [IP_PROTOCOL.icmp, IP_PROTOCOL.icmpv6],
  tcp: [IP_PROTOCOL.tcp],
  udp: [IP_PROTOCOL.udp],
  udplite: [IP_PROTOCOL.udplite],
  gre: [IP_PROTOCOL.gre],
  sctp: [IP_PROTOCOL.sctp],
};
const WITH_PORTS: ReadonlySet<number> = new Set([
  IP_PROTOCOL.tcp,
  IP_PROTOCOL.udp,
  IP_PROTOCOL.udplite,
  IP_PROTOCOL.sctp,
]);

/** Reads the destination port; undefined when the protocol has none, or too little of it is there. */
export function destinationPort({ protocol, transport }: Datagram): number | undefined {
  if (!WITH_PORTS.has(protocol) || transport.length < 4) return undefined;
  return viewOf(transport, 4, 'ports').getUint16(2);
}

/** Reads the TCP flags; undefined when it is no TCP, or too little of it is there. */
export function tcpFlags({ protocol, transport }: Datagram): number | undefined {
  return protocol === IP_PROTOCOL.tcp ? transport[13] : undefined;
}

/**
 * Tells whether a matcher means this datagram: a protocol's name, with `:PORT` or without; `proto:NUMBER`; `syn`, a
 * TCP SYN without ACK; `ack`, an ACK without SYN; `any`, everything.
 * @throws Error when the matcher is none of these
 */
export function matches(matcher: string, datagram: Datagram): boolean {
  const [name = '', value] = matcher.split(':', 2);
  if (name === 'any') return true;
  if (name === 'syn' || name === 'ack') return matchesFlag(name, tcpFlags(datagram) ?? 0);
  if (name === 'proto') return datagram.protocol === Number(value);
  const protocols = BY_NAME[name];
  if (!protocols) throw new Error(`unknown matcher in a path: ${matcher}`);
  if (!protocols.includes(datagram.protocol)) return false;
  return value === undefined || destinationPort(datagram) === Number(value);
}

function matchesFlag(name: 'syn' | 'ack', flags: number): boolean {
  return (flags & (TCP_FLAG.syn | TCP_FLAG.ack)) === TCP_FLAG[name];
}
