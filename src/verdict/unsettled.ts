/** Verdicts on columns that no answer settles, and whose silence proves nothing either. */
import type { ColumnFacts, MatrixFacts } from './facts.ts';
import { refusalOf } from './refusal.ts';
import { afterOf, hopAt, type Verdict } from './verdict.ts';

/** Judges a column whose silence is no evidence; undefined where it is. */
export function judgeUnsettled(columnFacts: ColumnFacts, facts: MatrixFacts): Verdict | undefined {
  const { column, lastTransit } = columnFacts;
  const after = afterOf(lastTransit, facts, columnFacts);
  const base = { column, confidence: 'low', evidence: [] } as const;
  if (column.isUnfinished) return { ...base, state: 'unknown', ground: { type: 'unfinished', ...after } };
  if (column.policedBefore !== undefined) {
    const before = hopAt(column.policedBefore, facts);
    return { ...base, state: 'rate-limited', ground: { type: 'policed', ...after, before } };
  }
  const like = facts.columns.find((other) => other.column.name === column.likelyRefusedAs);
  if (like?.ending?.how !== 'rejected') return undefined;
  const refusal = refusalOf(like.ending, facts);
  return {
    ...base,
    state: 'rejected',
    ground: { type: 'likely-refusal', like: like.column, refusal, ...after },
  };
}
