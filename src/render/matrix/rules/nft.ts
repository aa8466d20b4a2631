/** Rules for a chain of nft(8). */
import { joined, portText, type RuleFacts } from './rule-flow.ts';

/** The errors that routers and targets answer with. RFC 792, RFC 4443 section 3. */
const ERRORS = {
  4: 'icmp type { destination-unreachable, time-exceeded }',
  6: 'icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem }',
} as const;
const ANSWERS = 'comment "answers"';
/** Where the ports are in a protocol that nft has no name for: their bits from the start of its header. */
const PORT_BITS = { dport: '@th,16,16', sport: '@th,0,16' } as const;

/** The rule for the probe, then those for its answers. */
export function nftRules(facts: RuleFacts): readonly string[] {
  const { family, source, target, words } = facts;
  const ip = family === 4 ? 'ip' : 'ip6';
  const probe = joined(portMatch(facts, 'dport'), words.match);
  return [
    `${ip} saddr ${source} ${ip} daddr ${target} ${probe || protocolMatch(facts)} accept`,
    ...(words.isUntracked ? statelessAnswers(facts, ip) : statefulAnswers(facts, ip)),
  ];
}

/** The errors of routers are related to the probe, and what the target sends is established by it. */
function statefulAnswers({ source }: RuleFacts, ip: string): readonly string[] {
  return [`${ip} daddr ${source} ct state established,related accept ${ANSWERS}`];
}

function statelessAnswers(facts: RuleFacts, ip: string): readonly string[] {
  const { family, source, target, words } = facts;
  const own = joined(portMatch(facts, 'sport'), words.answerMatch) || protocolMatch(facts);
  return [
    `${ip} saddr ${target} ${ip} daddr ${source} ${own} accept ${ANSWERS}`,
    `${ip} daddr ${source} ${ERRORS[family]} accept ${ANSWERS}`,
  ];
}

/** The match of a port, which names the protocol by itself where nft has a name for it; '' where there is no port. */
function portMatch(facts: RuleFacts, which: 'dport' | 'sport'): string {
  const { port, words } = facts;
  if (port === undefined) return '';
  if (words.name !== undefined && words.matchesPort) return `${words.name} ${which} ${portText(facts, '-')}`;
  return `${protocolMatch(facts)} ${PORT_BITS[which]} ${portText(facts, '-')}`;
}

function protocolMatch({ protocol }: RuleFacts): string {
  return `meta l4proto ${protocol}`;
}
