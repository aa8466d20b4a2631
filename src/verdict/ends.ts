/** Where a column ends: the first reply that does not come from a router on the way. */
import { sameHost, type Address } from '../model/address.ts';
import { isTransit, repliesAt, ttlsOf, type CellReply, type MatrixColumn } from './matrix.ts';

/** The reply that ends a column. */
export interface ColumnEnd {
  readonly ttl: number;
  readonly reply: CellReply;
  /** Its place in the cell, from 0. */
  readonly attempt: number;
}

/** The replies of routers at a hop of a column. */
export function transitAt(column: MatrixColumn, ttl: number): readonly CellReply[] {
  return repliesAt(column, ttl).filter(isTransit);
}

/** The largest TTL that ended at a router; 0 when none did. */
export function lastTransitOf(column: MatrixColumn): number {
  return Math.max(0, ...ttlsOf(column).filter((ttl) => transitAt(column, ttl).length > 0));
}

/**
 * The reply that ends a column, at the least TTL that has one. An answer of the target's further on counts before an error:
 * some probes got through. In one cell an answer of the target's own counts before an error, and first of all one that
 * tells the state of a port.
 */
export function endOf(column: MatrixColumn, target: Address): ColumnEnd | undefined {
  const ends = ttlsOf(column).flatMap((ttl) => endsAt(column, ttl));
  const [first] = ends;
  if (!first || first.reply.kind.type === 'answer') return first;
  const answer = ends.find(({ reply }) => reply.kind.type === 'answer' && sameHost(reply.responder, target));
  return answer ?? first;
}

/** The replies of a cell that are not a router's, the most telling first. */
function endsAt({ cells }: MatrixColumn, ttl: number): ColumnEnd[] {
  const weight = ({ reply }: ColumnEnd): number =>
    tellsState(reply) ? 0 : reply.kind.type === 'answer' ? 1 : 2;
  return (cells.get(ttl) ?? [])
    .flatMap((reply, attempt) => (reply && !isTransit(reply) ? [{ ttl, reply, attempt }] : []))
    .sort((a, b) => weight(a) - weight(b));
}

function tellsState({ kind }: CellReply): boolean {
  return kind.type === 'answer' && kind.tcp !== undefined && kind.tcp.state !== 'other';
}
