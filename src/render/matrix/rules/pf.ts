/** Rules of pf.conf(5). */
import { joined, portText, type RuleFacts } from './rule-flow.ts';

/** pf.conf(5), "icmp-type": the errors that routers and targets answer with. */
const ERRORS = {
  4: 'proto icmp from any to SOURCE icmp-type { unreach, timex }',
  6: 'proto icmp6 from any to SOURCE icmp6-type { unreach, toobig, timex, paramprob }',
} as const;

/** The rule for the probe, then, where pf keeps no state of it, those for its answers. */
export function pfRules(facts: RuleFacts): readonly string[] {
  const { family, source, target, protocol, port, words } = facts;
  const start = `pass quick ${family === 4 ? 'inet' : 'inet6'}`;
  const proto = `${start} proto ${words.name ?? protocol}`;
  const at = port !== undefined && words.matchesPort ? `port ${portText(facts, ':')}` : '';
  const note = words.note === undefined ? [] : [`# ${words.note}`];
  const probe = joined(`${proto} from ${source} to ${target}`, at, words.match);
  // pf.conf(5), "Stateful filtering": a pass rule keeps state, and the answers belong to that, errors too
  if (!words.isUntracked) return [...note, probe];
  const answer = joined(`${proto} from ${target}`, at, `to ${source}`, words.answerMatch);
  const errors = `${start} ${ERRORS[family].replace('SOURCE', source)}`;
  return [...note, ...[probe, answer, errors].map((rule) => `${rule} no state`)];
}
