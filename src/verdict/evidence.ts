/** The probes that verdicts rest on, out of the cells of a matrix. */
import { isContradiction, type Doubt } from './doubt.ts';
import type { ColumnEnd } from './ends.ts';
import type { MatrixColumn } from './matrix.ts';
import type { Evidence } from './verdict.ts';

/** The answer that ends a column. */
export function evidenceOf({ name }: MatrixColumn, { ttl, attempt, reply }: ColumnEnd): Evidence {
  return { probe: name, ttl, attempt, from: reply.responder };
}

/** The first answer in a cell; empty where there is none. */
export function firstAnswer(column: MatrixColumn, ttl: number): readonly Evidence[] {
  return attemptsOf(column, ttl)
    .filter(({ from }) => from !== null)
    .slice(0, 1);
}

/** The attempts in a cell that nobody answered. */
export function missesIn(column: MatrixColumn, ttl: number): readonly Evidence[] {
  return attemptsOf(column, ttl).filter(({ from }) => from === null);
}

/** The answer to another column that shows each doubt, where one does. */
export function evidenceOfDoubts(doubts: readonly Doubt[]): readonly Evidence[] {
  return doubts.flatMap((doubt) => (isContradiction(doubt) ? firstAnswer(doubt.column, doubt.ttl) : []));
}

function attemptsOf({ name, cells }: MatrixColumn, ttl: number): readonly Evidence[] {
  return (cells.get(ttl) ?? []).map((reply, attempt) => ({
    probe: name,
    ttl,
    attempt,
    from: reply?.responder ?? null,
  }));
}
