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
  const words = column.traits.filters.nftables(packetOf(column, flow));
  const byNumber = `meta l4proto ${flow.protocol}`;
  if (words.by === 'number') return [byNumber, ...nftPortOctets(column, flow)];
  const first = words.matchesPort ? `${words.name} dport ${flow.port}` : byNumber;
  const extra = extraOf(words);
  // an extra match names the protocol by itself
  return words.matchesPort || extra.length === 0 ? [first, ...extra] : extra;
}

/** The destination port of a protocol that nft has no name for: the 16 bits from bit 16 of its header on. */
function nftPortOctets({ traits }: RuleColumn, { port }: RuleFlow): string[] {
  return traits.hasPorts ? [`@th,16,16 ${port}`] : [];
}

/** The rule for pf.conf(5). pf matches no ports of a protocol that it has no name for. */
export function pfRule(column: RuleColumn, flow: RuleFlow): string {
  const { family, source, target, port, protocol } = flow;
  const words = column.traits.filters.pf(packetOf(column, flow));
  const inet = family === 4 ? 'inet' : 'inet6';
  const name = words.by === 'name' ? words.name : protocol;
  const rule = `pass quick ${inet} proto ${name} from ${source} to ${target}`;
  if (words.by === 'number') return rule;
  return [rule, ...(words.matchesPort ? [`port ${port}`] : []), ...extraOf(words)].join(' ');
}

function extraOf({ extra }: { readonly extra?: string }): string[] {
  return extra === undefined ? [] : [extra];
}
