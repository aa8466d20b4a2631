/** A verdict of a matrix as members of a JSON document. */
import { RULE_LANGUAGES } from '../model/rule-language.ts';
import type { MatrixFacts } from '../verdict/facts.ts';
import type { MatrixColumn } from '../verdict/matrix.ts';
import { placesOf, type HopAt, type Verdict } from '../verdict/verdict.ts';
import { refusalLetters } from '../render/matrix/refusal.ts';
import type { RuleFlow } from '../render/matrix/rules/rule-flow.ts';
import { hasRules, rulesOf } from '../render/matrix/rules/rules.ts';
import { verdictText } from '../render/matrix/verdict-text.ts';
import { jsonDoubts, type JsonDoubt } from './doubt-json.ts';

/** The members of a verdict. What is not known, or has no meaning for its state, is null. */
export function verdictMembers(verdict: Verdict, { matrix }: MatrixFacts, flow: RuleFlow): unknown {
  const { column, state, confidence, evidence, ground } = verdict;
  const { after, before, by } = placesOf(verdict);
  return {
    probe: column.name,
    flow: flowMembers(column),
    state,
    after: hopOf(after),
    before: hopOf(before),
    by: hopOf(by),
    annotation: ground.type === 'refusal' ? refusalLetters(ground.reply.kind, matrix.family) : null,
    confidence,
    arrival: arrivalOf(verdict),
    portState: ground.type === 'forwarded' ? (ground.answer?.state ?? null) : null,
    evidence,
    witnesses: witnessesOf(verdict),
    doubts: doubtsOf(verdict),
    text: verdictText(verdict, matrix),
    rules: hasRules(verdict) ? ruleMembers(verdict, flow) : null,
  };
}

/** By language, the lines that let the probe pass and its answers back; null where none fits. */
function ruleMembers(verdict: Verdict, flow: RuleFlow): Record<string, string | null> {
  const members = RULE_LANGUAGES.map((language) => {
    const rules = rulesOf(verdict, flow, language);
    return [language, rules ? rules.join('\n') : null] as const;
  });
  return Object.fromEntries(members);
}

/** The flow of a column that is one of several of its probe; null where it is the only one. */
function flowMembers({ flow, sourcePort }: MatrixColumn): unknown {
  return flow
    ? { of: flow.of, number: flow.number, count: flow.count, sourcePort: sourcePort ?? null }
    : null;
}

function hopOf(hop: HopAt | undefined): { ttl: number; address: string | null } | null {
  return hop ? { ttl: hop.ttl, address: hop.address ?? null } : null;
}

/** The hop of the answer that the verdict rests on, and the TTL with which it arrived; null where there is none. */
function arrivalOf({ ground }: Verdict): { hop: number | null; ttl: number | null } | null {
  switch (ground.type) {
    case 'answer':
      return { hop: ground.hop ?? null, ttl: ground.reply.ttl ?? null };
    case 'forged':
      return { hop: ground.end.ttl, ttl: ground.end.reply.ttl ?? null };
    case 'forwarded':
      return ground.answer ? { hop: ground.answer.end.ttl, ttl: ground.answer.end.reply.ttl ?? null } : null;
    default:
      return null;
  }
}

/** The probes that the next hop answers, or that a doubt comes from. */
function witnessesOf({ ground }: Verdict): string[] {
  if (ground.type === 'missing') return ground.witnesses.map(({ name }) => name);
  if (ground.type !== 'forged') return [];
  return [...new Set(ground.doubts.flatMap(({ column }) => column?.name ?? []))];
}

/** What speaks against the answer, the strongest first. */
function doubtsOf({ ground }: Verdict): readonly JsonDoubt[] {
  return ground.type === 'answer' || ground.type === 'forged' ? jsonDoubts(ground.doubts) : [];
}
