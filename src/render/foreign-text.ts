/** Messages that belong to no probe, as `traceroute -v` shows them. */
import { familyOf, type Address } from '../model/address.ts';
import { wordDump } from './octets.ts';
import type { ForeignMessage, IcmpKind } from './renderer.ts';

/** Names of ICMP's types, by number, in the original's words. RFC 792. */
const ICMPV4_NAMES: readonly string[] = [
  ...['Echo Reply', 'ICMP 1', 'ICMP 2', 'Dest Unreachable', 'Source Quench', 'Redirect', 'ICMP 6', 'ICMP 7'],
  ...['Echo', 'ICMP 9', 'ICMP 10', 'Time Exceeded', 'Param Problem', 'Timestamp', 'Timestamp Reply'],
  ...['Info Request', 'Info Reply'],
];

/** Names of ICMPv6's types, by number. RFC 4443 sections 2.1 and 4. */
const ICMPV6_NAMES: Readonly<Record<number, string>> = {
  1: 'Dest Unreachable',
  2: 'Packet Too Big',
  3: 'Time Exceeded',
  4: 'Param Problem',
  128: 'Echo',
  129: 'Echo Reply',
};

/**
 * ICMPv6 types of multicast listener discovery (RFC 3810) and neighbour discovery (RFC 4861). In IPv4 these are IGMP
 * and ARP, which never reach an ICMP socket, so they are not shown here either.
 */
const LINK_TYPES: readonly number[] = [130, 131, 132, 133, 134, 135, 136, 137, 143];

const ICMP_HEADER_LENGTH = 8;

/**
 * The line about a foreign message, with its octets; '' for one that is not shown. Other protocols than ICMP belong to
 * other programs, and the original does not read them: only malformed messages of theirs are shown.
 * @param ownAddress - stands for the receiving address where that is not known
 */
export function foreignText(message: ForeignMessage, ownAddress: Address): string {
  const { icmp, detail } = message;
  if (icmp) return icmpText(message, icmp, ownAddress);
  return detail === undefined ? '' : malformedText(message, detail);
}

function icmpText(
  { source, receivedBy, octets }: ForeignMessage,
  { type, code }: IcmpKind,
  ownAddress: Address,
): string {
  const isIpv4 = familyOf(source) === 4;
  if (!isIpv4 && LINK_TYPES.includes(type)) return '';
  const name = (isIpv4 ? ICMPV4_NAMES : ICMPV6_NAMES)[type] ?? 'OUT-OF-RANGE';
  const ends = `from ${source} to ${receivedBy ?? ownAddress}`;
  const head = `\n${octets.length} bytes ${ends}: icmp type ${type} (${name}) code ${code}\n`;
  return head + wordDump(octets.subarray(ICMP_HEADER_LENGTH));
}

function malformedText({ source, octets }: ForeignMessage, detail: string): string {
  return octets.length < ICMP_HEADER_LENGTH
    ? `packet too short (${octets.length} bytes) from ${source}\n`
    : `bad packet (${octets.length} bytes) from ${source}: ${detail}\n`;
}
