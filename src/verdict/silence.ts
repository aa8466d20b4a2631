/** Verdicts on probes that nobody answers in the end. */
import type { MatrixColumn } from './matrix.ts';
import { hopsBeyond, seenAt, type ColumnFacts, type MatrixFacts } from './facts.ts';
import { groupsAt } from './paths.ts';
import { missesAt, missesNeeded } from './misses.ts';
import { isContrast } from './filter-class.ts';
import { lostBeside } from './refusal.ts';
import { afterOf, hopAt, type Evidence, type Verdict } from './verdict.ts';

/** Judges a column that is answered no further than its last hop. */
export function judgeSilence(column: ColumnFacts, facts: MatrixFacts): Verdict {
  const { lastTransit } = column;
  const { targetHop = Infinity } = facts;
  const [next] = hopsBeyond(column, facts);
  if (lastTransit >= targetHop || next === targetHop) return judgeMute(column, facts, targetHop);
  const after = afterOf(lastTransit, facts, column);
  const base = { column: column.column, evidence: evidenceAt(column, facts, next) };
  if (next === undefined) {
    const ground = { type: 'dark', ...after, ...lostBeside(column, facts) } as const;
    return { ...base, state: 'unknown', confidence: 'low', ground };
  }
  const isSure = isProven(column, facts, next) && isSharedPath(column, facts, next);
  const witnesses = witnessesAt(column, facts, next);
  const before = hopAt(next, facts);
  return {
    ...base,
    state: 'dropped',
    confidence: isSure ? 'high' : 'low',
    ground: { type: 'missing', ...after, before, witnesses, ...contrastOf(column, witnesses) },
  };
}

/** Judges a column where only the target could still answer. */
function judgeMute(column: ColumnFacts, facts: MatrixFacts, targetHop: number): Verdict {
  const { lastTransit: lastHop } = column;
  // where this way is longer than that of others, nobody knows how far the target is
  const isNext = lastHop === targetHop - 1;
  return {
    column: column.column,
    state: 'silent',
    confidence: isNext && isProven(column, facts, targetHop) ? 'high' : 'low',
    evidence: evidenceAt(column, facts, targetHop),
    ground: {
      type: 'mute',
      ...afterOf(lastHop, facts, column),
      ...(lastHop < targetHop ? { before: hopAt(targetHop, facts) } : {}),
      targetHop,
      ...contrastOf(column, witnessesAt(column, facts, targetHop)),
    },
  };
}

/** Tells whether the misses at a hop are too many to be accidents. */
function isProven(column: ColumnFacts, facts: MatrixFacts, ttl: number): boolean {
  return missesAt(column, ttl) >= missesNeeded(facts, ttl, column);
}

/** Tells whether all answered columns saw one router at the hops that the verdict rests on. */
function isSharedPath(column: ColumnFacts, facts: MatrixFacts, next: number): boolean {
  const hops = column.lastTransit > 0 ? [column.lastTransit, next] : [next];
  return hops.every((ttl) => groupsAt(facts, ttl).length === 1);
}

function witnessesAt(column: ColumnFacts, facts: MatrixFacts, ttl: number): readonly MatrixColumn[] {
  return facts.columns
    .filter((other) => other !== column && seenAt(other, ttl).length > 0)
    .map((other) => other.column);
}

/** The witness that is this column's contrast, if there is one. */
function contrastOf(
  { column }: ColumnFacts,
  witnesses: readonly MatrixColumn[],
): { contrast?: MatrixColumn } {
  const contrast = witnesses.find((other) => isContrast(column, other));
  return contrast ? { contrast } : {};
}

/** The column's last answer, its misses at `next`, and one answer to each column that was answered there. */
function evidenceAt(column: ColumnFacts, facts: MatrixFacts, next?: number): readonly Evidence[] {
  const own = attemptsOf(column.column, column.lastTransit).filter(({ from }) => from !== null);
  if (next === undefined) return own.slice(0, 1);
  const misses = attemptsOf(column.column, next).filter(({ from }) => from === null);
  const others = facts.columns
    .filter((other) => other !== column && seenAt(other, next).length > 0)
    .flatMap((other) =>
      attemptsOf(other.column, next)
        .filter(({ from }) => from !== null)
        .slice(0, 1),
    );
  return [...own.slice(0, 1), ...misses, ...others];
}

function attemptsOf({ name, cells }: MatrixColumn, ttl: number): Evidence[] {
  return (cells.get(ttl) ?? []).map((reply, attempt) => ({
    probe: name,
    ttl,
    attempt,
    from: reply?.responder ?? null,
  }));
}
