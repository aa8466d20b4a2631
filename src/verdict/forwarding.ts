/** Port forwarding: a box that has the target's address sends some probes on to a host behind it. */
import { sameHost, type Address } from '../model/address.ts';
import { transitAt, type ColumnEnd } from './ends.ts';
import { ttlsOf, type Matrix, type MatrixColumn } from './matrix.ts';
import { sharedPath } from './shared-path.ts';

/** What shows that a column is forwarded. */
export interface Forwarding {
  /** The hop of the box, or where its work was seen first. */
  readonly ttl: number;
  /**
   * `router`: the target's own address says time exceeded. `quote`: a router quotes another destination than the probe was
   * sent to. `further`: the target answers further on than it answers probes that have no port.
   */
  readonly by: 'router' | 'quote' | 'further';
  /** Nothing else is known to look so. */
  readonly isSure: boolean;
  /** The address that it is forwarded to, where a quote tells it. */
  readonly to?: Address;
}

/** A probe without a port, and the hop at which the target answers it. */
interface Anchor {
  readonly column: MatrixColumn;
  readonly ttl: number;
}

type Ends = ReadonlyMap<MatrixColumn, ColumnEnd | undefined>;

/** Finds the columns that are forwarded. */
export function forwardings(matrix: Matrix, ends: Ends): ReadonlyMap<MatrixColumn, Forwarding> {
  const found = new Map<MatrixColumn, Forwarding>();
  const anchor = anchorOf(matrix, ends);
  for (const column of matrix.columns) {
    const forwarding =
      quoted(column, matrix) ?? passed(column, matrix, ends) ?? further(column, matrix, ends, anchor);
    if (forwarding) found.set(column, forwarding);
  }
  return found;
}

function quoted(column: MatrixColumn, { target }: Matrix): Forwarding | undefined {
  for (const ttl of ttlsOf(column)) {
    for (const { translatedTo } of transitAt(column, ttl)) {
      if (translatedTo !== undefined && !sameHost(translatedTo, target)) {
        return { ttl, by: 'quote', to: translatedTo, isSure: true };
      }
    }
  }
  return undefined;
}

/** The least hop at which the target's own address says time exceeded to a column. */
function ownTransit(column: MatrixColumn, target: Address): number | undefined {
  return ttlsOf(column).find((ttl) =>
    transitAt(column, ttl).some(({ responder }) => sameHost(responder, target)),
  );
}

/**
 * Where all columns meet the target's address on their way, it is no matter of ports: some hosts count a TTL down before
 * they see that a packet is their own, and some routers borrow the target's address. The box answers others where it forwards
 * this one.
 */
function passed(column: MatrixColumn, { target, columns }: Matrix, ends: Ends): Forwarding | undefined {
  const ttl = ownTransit(column, target);
  if (ttl === undefined) return undefined;
  const isOwnAnswer = (end: ColumnEnd | undefined): boolean =>
    end?.ttl === ttl && sameHost(end.reply.responder, target);
  const isSure = columns.some((other) => isOwnAnswer(ends.get(other)));
  const isForAll = columns.some((other) => !other.traits.hasPorts && ownTransit(other, target) === ttl);
  return isForAll && !isSure ? undefined : { ttl, by: 'router', isSure };
}

/** The least hop at which the target answers a probe without a port, which cannot be forwarded by its port. */
function anchorOf({ columns, target }: Matrix, ends: Ends): Anchor | undefined {
  let nearest: Anchor | undefined;
  for (const column of columns) {
    const end = ends.get(column);
    if (column.traits.hasPorts || !end || !sameHost(end.reply.responder, target)) continue;
    if (!nearest || end.ttl < nearest.ttl) nearest = { column, ttl: end.ttl };
  }
  return nearest;
}

function further(
  column: MatrixColumn,
  { target }: Matrix,
  ends: Ends,
  anchor: Anchor | undefined,
): Forwarding | undefined {
  const end = ends.get(column);
  if (!anchor || !end || !column.traits.hasPorts || !sameHost(end.reply.responder, target)) return undefined;
  if (!isBeyond(column, end, anchor) || isOneWay(column, end, anchor, ends)) return undefined;
  return isAlone(anchor, ends) ? { ttl: anchor.ttl, by: 'further', isSure: false } : undefined;
}

/** Another probe without a port that is answered further on would show the target there, and the anchor's place in doubt. */
function isAlone(anchor: Anchor, ends: Ends): boolean {
  return [...ends].every(([other, end]) => other.traits.hasPorts || (end?.ttl ?? 0) <= anchor.ttl);
}

/** Tells whether routers answer a column at the anchor's hop or beyond it. */
function isBeyond(column: MatrixColumn, end: ColumnEnd, anchor: Anchor): boolean {
  return ttlsOf(column).some(
    (ttl) => ttl >= anchor.ttl && ttl < end.ttl && transitAt(column, ttl).length > 0,
  );
}

/** Tells whether the column may be the target's own, over a way that is longer than the anchor's. */
function isOneWay(column: MatrixColumn, { reply }: ColumnEnd, anchor: Anchor, ends: Ends): boolean {
  const isSameWayBack = reply.ttl !== undefined && reply.ttl === ends.get(anchor.column)?.reply.ttl;
  return isSameWayBack || sharedPath(column, anchor.column, anchor.ttl) === 'different';
}
