/** Hops that speak against a column: they answer others and not it. */
import type { Address } from '../model/address.ts';
import { hopsBeyond, seenAt, type ColumnFacts, type MatrixFacts } from './facts.ts';
import { ttlsOf } from './matrix.ts';
import { missesAt, missesNeeded } from './misses.ts';
import { isPeer, lastHopOf, peersOf } from './peers.ts';

/** A hop beyond the column's last answer, and the columns that it answered. */
export interface Testimony {
  readonly ttl: number;
  readonly witnesses: readonly ColumnFacts[];
  /** True where some of these are of the column's kind: the hop answers such probes. */
  readonly isOfOneKind: boolean;
}

/**
 * The hops that speak against a column, in their order, up to the target's. A hop that columns of its kind have passed
 * without an answer says nothing: it answers no such probes.
 */
export function testimonyAgainst(column: ColumnFacts, facts: MatrixFacts): readonly Testimony[] {
  const passed = respondersOf(column);
  return hopsBeyond(column, facts)
    .filter((ttl) => !isMuteTo(column, ttl, facts))
    .map((ttl) => {
      const witnesses = facts.columns.filter(
        (other) => other !== column && seenAt(other, ttl).some(({ responder }) => !passed.has(responder)),
      );
      return { ttl, witnesses, isOfOneKind: witnesses.some((witness) => isPeer(column, witness)) };
    })
    .filter(({ witnesses }) => witnesses.length > 0);
}

/** Who has answered a column. On a way that is longer than its own, others meet these routers further on. */
function respondersOf(column: ColumnFacts): ReadonlySet<Address> {
  return new Set(
    ttlsOf(column.column).flatMap((ttl) => seenAt(column, ttl).map(({ responder }) => responder)),
  );
}

/** Tells whether a hop is known to answer no probe of a column's kind: others have passed it without an answer. */
export function isMuteTo(column: ColumnFacts, ttl: number, facts: MatrixFacts): boolean {
  return (
    passersBy(column, ttl, facts).some((other) => missesAt(other, ttl) >= missesNeeded(facts, ttl, other)) &&
    peersOf(column, facts).every((other) => seenAt(other, ttl).length === 0)
  );
}

/** The columns of this one's kind that were probed at a hop, are seen beyond it, and were not answered there. */
export function passersBy(column: ColumnFacts, ttl: number, facts: MatrixFacts): readonly ColumnFacts[] {
  return peersOf(column, facts).filter(
    (other) => other.column.cells.has(ttl) && lastHopOf(other) > ttl && seenAt(other, ttl).length === 0,
  );
}

/** Tells whether no router that would answer a column is known beyond its last one: only the target still could. */
export function isAtTarget(
  column: ColumnFacts,
  facts: MatrixFacts,
  [next] = testimonyAgainst(column, facts),
): boolean {
  const { targetHop = Infinity } = facts;
  return column.lastTransit >= targetHop || next?.ttl === targetHop;
}
