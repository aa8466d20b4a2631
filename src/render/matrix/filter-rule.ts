/** The rule of a packet filter that lets one flow pass, as nftables and pf write it. */
import type { Address, Family } from '../../model/address.ts';
import type { PacketFacts } from '../../model/probe-traits.ts';
import type { MatrixColumn } from '../../verdict/matrix.ts';

/** The flow that a rule is for. */
export interface RuleFlow {
  readonly family: Family;
  readonly source: Address;
  readonly target: Address;
  /** Present where it is a port that this machine has reserved. */
  readonly sourcePort?: number;
  /** The destination port; of no meaning where the probe type has no ports. */
  readonly port: number;
  /** The number of the IP protocol, 1 to 255. */
  readonly protocol: number;
}

/** What a rule needs of a column. */
type RuleColumn = Pick<MatrixColumn, 'probe' | 'traits'>;

/** The facts that a column's traits need of its packets in a flow. */
export function packetOf({ probe }: RuleColumn, { family, protocol }: RuleFlow): PacketFacts {
  return { family, protocol, tcpFlags: probe.tcpFlags };
}

/** The rule for nft(8). */
export function nftRule(column: RuleColumn, flow: RuleFlow): string {
  const { family, source, target } = flow;
  const ip = family === 4 ? 'ip' : 'ip6';
  return `${ip} saddr ${source} ${ip} daddr ${target} ${nftMatches(column, flow).join(' ')} accept`;
}

/** The matches besides the addresses, the coarsest first. */
function nftMatches(column: RuleColumn, flow: RuleFlow): string[] {
  const { name, matchesPort, extra } = column.traits.filters.nftables(packetOf(column, flow));
  const more = extra === undefined ? [] : [extra];
  if (name === undefined) return [`meta l4proto ${flow.protocol}`, ...nftPortOctets(column, flow), ...more];
  return matchesPort ? [`${name} dport ${flow.port}`, ...more] : more;
}

/** The destination port of a protocol that nft has no name for: the 16 bits from bit 16 of its header on. */
function nftPortOctets({ traits }: RuleColumn, { port }: RuleFlow): string[] {
  return traits.hasPorts ? [`@th,16,16 ${port}`] : [];
}

/** The rule for pf.conf(5). pf matches no ports of a protocol that it has no name for. */
export function pfRule(column: RuleColumn, flow: RuleFlow): string {
  const { family, source, target, port, protocol } = flow;
  const { name = protocol, matchesPort, extra } = column.traits.filters.pf(packetOf(column, flow));
  const inet = family === 4 ? 'inet' : 'inet6';
  const parts = [
    `pass quick ${inet} proto ${name} from ${source} to ${target}`,
    ...(matchesPort ? [`port ${port}`] : []),
    ...(extra === undefined ? [] : [extra]),
  ];
  return parts.join(' ');
}
