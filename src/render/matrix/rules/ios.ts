/**
 * Entries of extended access lists as Cisco IOS and IOS XE have them, for `ip access-list extended NAME` or
 * `ipv6 access-list NAME`. Such a list keeps no state.
 */
import { joined, portText, type RuleFacts } from './rule-flow.ts';

/** The errors that routers and targets answer with. */
const ERRORS = {
  4: ['time-exceeded', 'unreachable'],
  6: ['time-exceeded', 'unreachable', 'packet-too-big', 'parameter-problem'],
} as const;

/** The entry for the probe, then those for its answers. */
export function iosRules(facts: RuleFacts): readonly string[] {
  const { family, source, target, protocol, port, lastPort, words } = facts;
  const proto = `permit ${words.name ?? protocol}`;
  const at =
    port !== undefined && words.matchesPort
      ? `${lastPort === undefined ? 'eq' : 'range'} ${portText(facts, ' ')}`
      : '';
  return [
    ...(words.note === undefined ? [] : [`remark ${words.note}`]),
    joined(`${proto} host ${source} host ${target}`, at, words.match),
    'remark the answers, for a list that filters the way back',
    joined(`${proto} host ${target}`, at, `host ${source}`, words.answerMatch),
    ...ERRORS[family].map((error) => `permit icmp any host ${source} ${error}`),
  ];
}
