/** What every rule language is told of the probes of a column. */
import { withoutZone, type Address, type Family } from '../../../model/address.ts';
import { given } from '../../../model/given.ts';
import type { FilterWords, PacketFacts } from '../../../model/probe-traits.ts';
import type { RuleLanguage } from '../../../model/rule-language.ts';
import type { MatrixColumn } from '../../../verdict/matrix.ts';

/** The flow that a rule is for. */
export interface RuleFlow {
  readonly family: Family;
  readonly source: Address;
  readonly target: Address;
  /** Present where it is a port that this machine has reserved. */
  readonly sourcePort?: number;
  /** The destination port; of no meaning where the probe type has no ports. */
  readonly port: number;
  /** The last of a range of ports that begins with `port`. */
  readonly lastPort?: number;
  /** The number of the IP protocol, 1 to 255. */
  readonly protocol: number;
}

/** What a rule needs of a column. */
export type RuleColumn = Pick<MatrixColumn, 'probe' | 'traits'>;

/** The facts that a column's traits need of its packets in a flow. */
export function packetOf({ probe }: RuleColumn, { family, protocol }: RuleFlow): PacketFacts {
  return { family, protocol, tcpFlags: probe.tcpFlags };
}

/** What is matched, in the words of one language. Packet filters know no zones of addresses. */
export interface RuleFacts {
  readonly family: Family;
  readonly source: Address;
  readonly target: Address;
  /** Absent where the probe type has no ports. */
  readonly port?: number;
  /** The last of a range of ports that begins with `port`. */
  readonly lastPort?: number;
  readonly protocol: number;
  readonly words: FilterWords;
}

/** The facts for a column, in the words of a language. */
export function ruleFacts(column: RuleColumn, flow: RuleFlow, language: RuleLanguage): RuleFacts {
  const { family, source, target, port, lastPort, protocol } = flow;
  return {
    family,
    source: withoutZone(source),
    target: withoutZone(target),
    ...(column.traits.hasPorts ? { port, ...given({ lastPort }) } : {}),
    protocol,
    words: column.traits.filters[language](packetOf(column, flow)),
  };
}

/** The port, or the range with this between its ends. */
export function portText(
  { port = 0, lastPort }: Pick<RuleFacts, 'port' | 'lastPort'>,
  between: string,
): string {
  return lastPort === undefined ? String(port) : `${port}${between}${lastPort}`;
}

/** The words that are there, with a space between them. */
export function joined(...words: readonly (string | undefined)[]): string {
  return words.filter((word) => word !== undefined && word !== '').join(' ');
}
