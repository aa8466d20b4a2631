/** A matrix as a JSON document. */
import { RULE_LANGUAGES } from '../model/rule-language.ts';
import type { CellAttempt, Matrix } from '../verdict/matrix.ts';
import type { MatrixFacts } from '../verdict/facts.ts';
import { pathDifferences, type PathDifference } from '../verdict/paths.ts';
import { placesOf, type HopAt, type Verdict } from '../verdict/verdict.ts';
import { isProbed, lastRow, rowsFrom } from '../render/matrix/cell.ts';
import { refusalLetters } from '../render/matrix/refusal.ts';
import type { RuleFlow } from '../render/matrix/rules/rule-flow.ts';
import { hasRules, rulesOf } from '../render/matrix/rules/rules.ts';
import { verdictText } from '../render/matrix/verdict-text.ts';

const MICROSECONDS = 1000;

/** What the document has besides the facts. */
export interface MatrixJsonOptions {
  /** The target as the user knows it. */
  readonly host: string;
  readonly firstTtl: number;
  /** The flow of a verdict's column. */
  readonly flowOf: (verdict: Verdict) => RuleFlow;
}

/** The document, which ends with a newline. A cell that was not probed is an empty list. */
export function matrixJson(
  facts: MatrixFacts,
  verdicts: readonly Verdict[],
  { host, firstTtl, flowOf }: MatrixJsonOptions,
): string {
  const { matrix } = facts;
  const ttls = rowsFrom(firstTtl, facts);
  const document = {
    matrix: {
      target: { name: host, address: matrix.target },
      columns: matrix.columns.map(({ name }) => name),
      hops: ttls.map((ttl) => ({ ttl, cells: cellsOf(facts, ttl) })),
      verdicts: verdicts.map((verdict) => verdictOf(verdict, matrix, flowOf)),
      pathDiffers: pathDifferences(facts, lastRow(facts)).map(differenceOf),
    },
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function cellsOf({ matrix, columns }: MatrixFacts, ttl: number): Record<string, unknown> {
  const cells = columns.map((facts) => {
    const attempts = isProbed(facts, ttl) ? (facts.column.cells.get(ttl) ?? []) : [];
    return [facts.column.name, attempts.map((attempt) => attemptOf(attempt, matrix))] as const;
  });
  return Object.fromEntries(cells);
}

function attemptOf(attempt: CellAttempt, { family }: Matrix): unknown {
  if (attempt === null) return null;
  const { responder, rttMs, kind } = attempt;
  const annotation = refusalLetters(kind, family) || null;
  return { from: responder, rttMs: Math.round(rttMs * MICROSECONDS) / MICROSECONDS, annotation };
}

function verdictOf(verdict: Verdict, matrix: Matrix, flowOf: MatrixJsonOptions['flowOf']): unknown {
  const { column, state, confidence, evidence, ground } = verdict;
  const { after, before, by } = placesOf(verdict);
  return {
    probe: column.name,
    state,
    after: hopOf(after),
    before: hopOf(before),
    by: hopOf(by),
    annotation: ground.type === 'refusal' ? refusalLetters(ground.reply.kind, matrix.family) : null,
    confidence,
    evidence,
    text: verdictText(verdict, matrix),
    rules: hasRules(verdict) ? ruleMembers(verdict, flowOf(verdict)) : null,
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

function hopOf(hop: HopAt | undefined): { ttl: number; address: string | null } | null {
  return hop ? { ttl: hop.ttl, address: hop.address ?? null } : null;
}

function differenceOf({ ttl, groups }: PathDifference): unknown {
  const saw = groups.map(({ responders, columns }) => ({
    from: responders,
    probes: columns.map(({ name }) => name),
  }));
  return { ttl, saw };
}
