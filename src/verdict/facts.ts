/** The facts that the cells of a matrix show of its path: who is where, and how each column ends. */
import { sameHost, type Address } from '../model/address.ts';
import { repliesAt, ttlsOf, type CellReply, type Matrix, type MatrixColumn } from './matrix.ts';
import { isNaturalAnswer } from '../model/answers.ts';

/** The reply that ends a column, at the least TTL that has one. */
export interface ColumnEnd {
  readonly ttl: number;
  readonly reply: CellReply;
  /** Its place in the cell, from 0. */
  readonly attempt: number;
}

/** The end of a column: at the target, by a refusal, or by an answer in the target's name that cannot be its own. */
export type Ending =
  | ({ readonly how: 'arrived' | 'rejected' } & ColumnEnd)
  | ({ readonly how: 'forged'; readonly witness: Witness } & ColumnEnd);

/** A column that shows that an answer came from nearer than the target. */
export interface Witness {
  readonly column: MatrixColumn;
  /** The target's answer to that column, and its hop. */
  readonly end: ColumnEnd;
  /** Whether both columns are known to take one path up to the hop before. */
  readonly samePath: boolean;
}

/** The facts of one column. */
export interface ColumnFacts {
  readonly column: MatrixColumn;
  /** The largest TTL that a router answered with time exceeded; 0 when none did. */
  readonly lastTransit: number;
  readonly ending?: Ending;
}

/** The facts of a whole matrix. */
export interface MatrixFacts {
  readonly matrix: Matrix;
  readonly columns: readonly ColumnFacts[];
  /** For the address of each router, the least hop at which it was seen. */
  readonly routers: ReadonlyMap<Address, number>;
  /** The least hop at which the target answered; undefined when it never did. */
  readonly targetHop?: number;
}

/** Reads the facts out of a matrix. */
export function readMatrix(matrix: Matrix): MatrixFacts {
  const routers = routersOf(matrix);
  const ends = new Map(matrix.columns.map((column) => [column, endOf(column)]));
  const nearest = nearestAnswer(matrix, ends);
  const arrivals = new Map<MatrixColumn, ColumnEnd>();
  for (const [column, end] of ends) {
    if (end && isArrival(matrix, column, end, routers, nearest)) arrivals.set(column, end);
  }
  const columns = matrix.columns.map((column) => factsOf(column, ends.get(column), arrivals));
  const hops = columns.flatMap(({ ending }) => (ending?.how === 'arrived' ? [ending.ttl] : []));
  return { matrix, columns, routers, ...(hops.length > 0 ? { targetHop: Math.min(...hops) } : {}) };
}

/** Tells whether a column has a verdict that further probes cannot change. */
export function isDecided({ column, ending }: ColumnFacts): boolean {
  return ending !== undefined || column.refusedHere !== undefined || column.anonymous.length > 0;
}

/** The replies at a hop that show who is there: those of routers on the way, and of the target where it is reached. */
export function seenAt({ column, ending }: ColumnFacts, ttl: number): readonly CellReply[] {
  const replies = repliesAt(column, ttl);
  if (ending?.how === 'arrived' && ending.ttl === ttl) return replies;
  return replies.filter(({ kind }) => kind.type === 'time-exceeded');
}

/** The hops beyond the column's last answer that answered any other column, in their order. */
export function hopsBeyond(column: ColumnFacts, { columns }: MatrixFacts): readonly number[] {
  const others = columns.filter((other) => other !== column);
  const ttls = others.flatMap((other) =>
    ttlsOf(other.column).filter((ttl) => ttl > column.lastTransit && seenAt(other, ttl).length > 0),
  );
  return [...new Set(ttls)].sort((a, b) => a - b);
}

function routersOf({ columns }: Matrix): ReadonlyMap<Address, number> {
  const routers = new Map<Address, number>();
  for (const column of columns) {
    for (const ttl of ttlsOf(column)) {
      for (const { responder } of transitAt(column, ttl)) {
        routers.set(responder, Math.min(ttl, routers.get(responder) ?? ttl));
      }
    }
  }
  return routers;
}

function transitAt(column: MatrixColumn, ttl: number): readonly CellReply[] {
  return repliesAt(column, ttl).filter(({ kind }) => kind.type === 'time-exceeded');
}

/**
 * The first reply that does not come from a router on the way. In one cell an answer of the target's own counts before a
 * refusal, and first of all an answer that tells the state of a port.
 */
function endOf(column: MatrixColumn): ColumnEnd | undefined {
  for (const ttl of ttlsOf(column)) {
    const ends = (column.cells.get(ttl) ?? []).flatMap((reply, attempt) =>
      reply && reply.kind.type !== 'time-exceeded' ? [{ ttl, reply, attempt }] : [],
    );
    const answers = ends.filter(({ reply }) => reply.kind.type === 'answer');
    const end = answers.find(({ reply }) => tellsState(reply)) ?? answers[0] ?? ends[0];
    if (end) return end;
  }
  return undefined;
}

function tellsState({ kind }: CellReply): boolean {
  return kind.type === 'answer' && kind.tcp !== undefined && kind.tcp.state !== 'other';
}

/** The least TTL at which the target's own address answered. */
function nearestAnswer(
  { target }: Matrix,
  ends: ReadonlyMap<MatrixColumn, ColumnEnd | undefined>,
): number | undefined {
  const ttls = [...ends.values()].flatMap((end) =>
    end && sameHost(end.reply.responder, target) ? [end.ttl] : [],
  );
  return ttls.length === 0 ? undefined : Math.min(...ttls);
}

/** Tells whether a reply is what a target says to a probe that has reached it, perhaps from another address of its own. */
function isArrival(
  { family, target }: Matrix,
  { traits }: MatrixColumn,
  { ttl, reply }: ColumnEnd,
  routers: ReadonlyMap<Address, number>,
  nearest: number | undefined,
): boolean {
  if (!isNaturalAnswer(reply.kind, traits, family)) return false;
  if (sameHost(reply.responder, target)) return true;
  return !routers.has(reply.responder) && nearest !== undefined && ttl >= nearest;
}

function factsOf(
  column: MatrixColumn,
  end: ColumnEnd | undefined,
  arrivals: ReadonlyMap<MatrixColumn, ColumnEnd>,
): ColumnFacts {
  const lastTransit = Math.max(0, ...ttlsOf(column).filter((ttl) => transitAt(column, ttl).length > 0));
  if (!end) return { column, lastTransit };
  if (!arrivals.has(column)) return { column, lastTransit, ending: { how: 'rejected', ...end } };
  const witness = witnessAgainst(column, end, arrivals);
  const ending: Ending = witness ? { how: 'forged', ...end, witness } : { how: 'arrived', ...end };
  return { column, lastTransit, ending };
}

/**
 * Finds the column that shows the target further away than where this answer came from: a router answered that column
 * there, and the target only later. Columns whose paths differ show nothing, for balanced paths may be of unequal length.
 */
function witnessAgainst(
  column: MatrixColumn,
  end: ColumnEnd,
  arrivals: ReadonlyMap<MatrixColumn, ColumnEnd>,
): Witness | undefined {
  const further = [...arrivals]
    .filter(([, other]) => other.ttl > end.ttl)
    .sort(([, a], [, b]) => b.ttl - a.ttl);
  for (const [other, otherEnd] of further) {
    // the same TTL on arrival means the same way back, and so the same host
    const isSameWayBack = end.reply.ttl !== undefined && end.reply.ttl === otherEnd.reply.ttl;
    const passes = ttlsOf(other).some(
      (ttl) => ttl >= end.ttl && ttl < otherEnd.ttl && transitAt(other, ttl).length > 0,
    );
    const shared = sharedHop(column, other, end.ttl);
    if (passes && !isSameWayBack && shared !== 'none') {
      return { column: other, end: otherEnd, samePath: shared === end.ttl - 1 };
    }
  }
  return undefined;
}

/** The last hop before `ttl` that answered both columns, if one router did, else `none`; 0 when no hop answered both. */
function sharedHop(a: MatrixColumn, b: MatrixColumn, ttl: number): number | 'none' {
  for (let hop = ttl - 1; hop > 0; hop--) {
    const [seenByA, seenByB] = [a, b].map((column) =>
      transitAt(column, hop).map(({ responder }) => responder),
    );
    if (!seenByA?.length || !seenByB?.length) continue;
    return seenByA.some((address) => seenByB.includes(address)) ? hop : 'none';
  }
  return 0;
}
