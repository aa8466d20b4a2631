/**
 * Lets this machine answer itself: a Linux kernel sends no protocol unreachable for a protocol that a raw socket hears,
 * and that a trace to its own address would listen for. net/ipv4/ip_input.c, net/ipv6/ip6_input.c
 */
import { readFileSync } from 'node:fs';
import type { ExpectedReplies, ReceivedDatagram } from '../ports/transport.ts';
import { equal } from '../wire/bytes.ts';
import { IP_PROTOCOL } from '../wire/codes.ts';
import { protocolNumber } from './host/protocols.ts';

/** Each kernel has these. */
const ALWAYS: readonly number[] = [IP_PROTOCOL.icmp, IP_PROTOCOL.icmpv6, IP_PROTOCOL.tcp, IP_PROTOCOL.udp];
const IPV4_LOOPBACK = 127;
const IPV6_LOOPBACK = Uint8Array.from({ length: 16 }, (_, index) => (index === 15 ? 1 : 0));

/** True for a socket that keeps the kernel from answering: all traces go to the machine itself, which lacks the protocol. */
export function hidesOwnAnswer(
  { family, protocol }: Pick<ReceivedDatagram, 'family' | 'protocol'>,
  expected: readonly ExpectedReplies[],
): boolean {
  if (ALWAYS.includes(protocol)) return false;
  const traces = expected.filter((each) => each.family === family && each.protocol === protocol);
  return traces.length > 0 && traces.every(goesToItself) && !kernelSpeaks(protocol);
}

function goesToItself({ source, responders }: ExpectedReplies): boolean {
  return responders.every((address) => equal(address, source) || isLoopback(address));
}

function isLoopback(address: Uint8Array): boolean {
  return address.length === 4 ? address[0] === IPV4_LOOPBACK : equal(address, IPV6_LOOPBACK);
}

/** True where the kernel answers the protocol itself, or does not tell: its names are such as `SCTPv6` and `UDP-Lite`. */
function kernelSpeaks(protocol: number): boolean {
  try {
    const names = readFileSync('/proc/net/protocols', 'utf8').split('\n');
    return names.some((line) => {
      const [name = ''] = line.toLowerCase().split(' ', 1);
      return protocolNumber(name.replace(/v6$/, '').replace('-', '')) === protocol;
    });
  } catch {
    return true;
  }
}
