/** What is asked once, besides what has to be asked again. */
import { routersBack } from '../model/arrival.ts';
import { isDecided, seenAt, type ColumnFacts, type MatrixFacts } from './facts.ts';
import type { MatrixColumn } from './matrix.ts';
import type { Retry } from './retry.ts';
import { isAtTarget } from './testimony.ts';

/** Of more columns not each is asked at every hop: it would only take time. */
export const FEW_COLUMNS = 32;

/** The questions for each column that the target has not answered. @param maxTtl - of the run */
export function askedOnce(facts: MatrixFacts, maxTtl: number): readonly Retry[] {
  const { columns } = facts;
  if (columns.length > FEW_COLUMNS) return [];
  const open = columns.filter((column) => !isDecided(column));
  return open.flatMap((column) => [...steadiness(column), ...farthest(column, facts, maxTtl)]);
}

/** The column's last hop: a box that has had enough of this machine by now lets it answer no more. */
function steadiness({ column, lastTransit }: ColumnFacts): readonly Retry[] {
  return lastTransit > 0 ? [once(column, lastTransit)] : [];
}

/**
 * The target by the largest TTL: the column's way may be longer than that of others, some filters drop what has a small TTL
 * alone, and some programs take a second to answer.
 */
function farthest(column: ColumnFacts, facts: MatrixFacts, maxTtl: number): readonly Retry[] {
  const { targetHop = maxTtl } = facts;
  if (targetHop >= maxTtl) return [];
  return [{ ...once(column.column, maxTtl), isPatient: isAtTarget(column, facts) }];
}

/**
 * The hop before the target's, where nobody has answered and the target's answers have come over fewer routers: it may be
 * there that all of its answers were lost in a burst.
 */
export function nearerTarget(facts: MatrixFacts): readonly Retry[] {
  const { columns, targetHop = 1 } = facts;
  const ttl = targetHop - 1;
  if (ttl < 1 || columns.some((column) => seenAt(column, ttl).length > 0)) return [];
  const early = columns.find(({ ending, column }) => {
    const arrival = ending?.how === 'arrived' ? ending.reply.ttl : undefined;
    return arrival !== undefined && routersBack(arrival) < ttl && column.cells.has(ttl);
  });
  return early ? [once(early.column, ttl)] : [];
}

function once({ name }: MatrixColumn, ttl: number): Retry {
  return { column: name, ttl, attempts: 1, isSlow: false };
}
