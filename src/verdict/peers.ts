/** Columns of one kind: what a hop answers one of them, it answers the others. */
import { seenAt, type ColumnFacts, type MatrixFacts } from './facts.ts';
import type { MatrixColumn } from './matrix.ts';

/** The other columns of a column's kind. */
export function peersOf(column: ColumnFacts, { columns }: MatrixFacts): readonly ColumnFacts[] {
  return columns.filter((other) => other !== column && isPeer(column, other));
}

/**
 * Tells whether two columns are of one kind: of one protocol, and of a connection or not. Firewalls that keep state take
 * nothing that comes back for what belongs to no connection, be it from the next router.
 */
export function isPeer({ column }: ColumnFacts, { column: other }: ColumnFacts): boolean {
  return column.protocol === other.protocol && isTracked(column) === isTracked(other);
}

function isTracked({ probe, traits }: MatrixColumn): boolean {
  return traits.flags?.isTracked(probe.tcpFlags) ?? true;
}

/**
 * The columns whose answers at a hop say how often it answers this one. Where it answers this one's protocol, all count but
 * those of a protocol that it does not answer; else those of other protocols.
 */
export function comparableAt(column: ColumnFacts, ttl: number, facts: MatrixFacts): readonly ColumnFacts[] {
  const isAnswered = (other: ColumnFacts): boolean => seenAt(other, ttl).length > 0;
  const others = facts.columns.filter((other) => other !== column);
  if (!peersOf(column, facts).some(isAnswered)) return others.filter((other) => !isPeer(column, other));
  return others.filter((other) => isPeer(column, other) || isAnswered(other));
}

/** The last hop that a column is known to get to. */
export function lastHopOf({ lastTransit, ending }: ColumnFacts): number {
  return Math.max(lastTransit, ending?.how === 'arrived' ? ending.ttl : 0);
}
