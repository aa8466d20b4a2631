/** Knows what cannot be sent without the right to raw sockets. */
import type { OutgoingDatagram } from '../../ports/transport.ts';
import type { Family } from '../../model/address.ts';
import { ECN_MASK, IP_PROTOCOL } from '../../wire/codes.ts';
import { decodeTcp, TCP_FLAG, TCP_HEADER_LENGTH } from '../../wire/tcp.ts';
import { datagramKind } from './datagram-kind.ts';

/** True when plain sockets can send probes of a protocol at all. */
export function isServed(protocol: number): boolean {
  return protocol === IP_PROTOCOL.tcp || datagramKind(protocol) !== undefined;
}

/** The protocols of datagram sockets to try for a family's probes, each once: UDP stands for TCP. */
export function witnessProtocols(family: Family, protocols: readonly number[]): number[] {
  const foreign = family === 4 ? IP_PROTOCOL.icmpv6 : IP_PROTOCOL.icmp;
  const own = protocols.filter((protocol) => protocol !== foreign);
  return [...new Set(own.map((protocol) => (protocol === IP_PROTOCOL.tcp ? IP_PROTOCOL.udp : protocol)))];
}

/** The part of a probe that needs a raw socket, as the beginning of a message; undefined when nothing does. */
export function beyondSockets({ protocol, options, tos, payload }: OutgoingDatagram): string | undefined {
  if (!isServed(protocol)) return `IP protocol ${protocol}`;
  if (options.length > 0) return 'IP options';
  // only a quoted header tells what became of it, and sockets do not have one
  if ((tos & ECN_MASK) !== 0) return 'an ECN field';
  if (protocol !== IP_PROTOCOL.tcp) return undefined;
  const { flags, checksum } = decodeTcp(payload);
  if (flags !== TCP_FLAG.syn) return 'TCP control bits besides SYN';
  if (payload.length > TCP_HEADER_LENGTH) return 'a SYN with data';
  return checksum === 0 ? 'TCP without a checksum' : undefined;
}
