/**
 * Finds what may have refused a column unheard: a router that limits the rate of its errors. Linux lets one a second pass to
 * each host after a burst of six, and time exceeded counts too (net.ipv4.icmp_ratelimit); others one each half second.
 */
import { hopsBeyond, isDecided, type ColumnEnd, type ColumnFacts, type MatrixFacts } from './facts.ts';
import { filterClassOf } from './filter-class.ts';
import type { MatrixColumn } from './matrix.ts';
import { answerRate, isPartial } from './misses.ts';

/** A cell that such a router answers out of the same limit: silence before its answer is no swallowed refusal. */
export interface Guard {
  readonly column: MatrixColumn['name'];
  readonly ttl: number;
}

/** How to ask a column that may have been refused unheard. */
export interface Caution {
  readonly guard: Guard;
  /** Where to ask: a router there or nearer may refuse. */
  readonly ttls: readonly number[];
  /** The misses that rule a refusal out; absent: as many as rule the hop out. */
  readonly needed?: number;
  /** The column that the router has refused; absent where it has refused none so far. */
  readonly like?: MatrixColumn;
}

/** The misses beside a refusal that is heard which show that a column is not refused, though one in five gets lost. */
const REFUSAL_MISSES_NEEDED = 4;
/** The same where nothing tells that anything is refused, nor that the path goes on. */
const DARK_MISSES_NEEDED = 2;

/** Tells how to ask a column with caution; undefined where silence tells enough. */
export function cautionFor(column: ColumnFacts, facts: MatrixFacts): Caution | undefined {
  if (isDecided(column)) return undefined;
  return besideRefusal(column, facts) ?? besideLimit(column, facts);
}

/** A router has refused others, and not always said so. */
function besideRefusal(column: ColumnFacts, facts: MatrixFacts): Caution | undefined {
  const refused = facts.columns.flatMap((other) => {
    const { ending } = other;
    const isError = ending?.how === 'rejected' && ending.reply.kind.type !== 'answer';
    return isError && ending.ttl > column.lastTransit ? [{ other, ending }] : [];
  });
  if (!refused.some(({ other, ending }) => isLimited(other, ending, facts))) return undefined;
  const [nearest] = refused.sort((a, b) => distance(a.other, column) - distance(b.other, column));
  if (!nearest) return undefined;
  const like = nearest.other.column;
  const guard = { column: like.name, ttl: nearest.ending.ttl };
  return { guard, ttls: [nearest.ending.ttl], needed: REFUSAL_MISSES_NEEDED, like };
}

/** True where the sender of a refusal left some of that column's probes unanswered, or some that ended at itself. */
function isLimited(
  { column, lastTransit }: ColumnFacts,
  { ttl, reply }: ColumnEnd,
  facts: MatrixFacts,
): boolean {
  if (column.cells.get(ttl)?.includes(null)) return true;
  const hop = facts.routers.get(reply.responder) ?? lastTransit;
  return facts.columns.some(
    ({ column: { cells }, lastTransit: last }) => last >= hop && cells.get(hop)?.includes(null),
  );
}

/** How unlike two columns are to a filter. */
function distance({ column: one }: ColumnFacts, { column: other }: ColumnFacts): number {
  const [a, b] = [filterClassOf(one), filterClassOf(other)];
  return Number(a.protocol !== b.protocol) * 2 + Number(a.opens !== b.opens);
}

/** The last router that answered the column does not always answer. */
function besideLimit(column: ColumnFacts, facts: MatrixFacts): Caution | undefined {
  const { lastTransit: ttl } = column;
  if (ttl === 0) return undefined;
  const isOwnPartial = column.column.cells.get(ttl)?.includes(null) ?? false;
  if (!isOwnPartial && !isPartial(answerRate(facts, ttl, column))) return undefined;
  const guard = { column: column.column.name, ttl };
  const ttls = hopsBeyond(column, facts);
  return ttls.length > 0 ? { guard, ttls } : { guard, ttls: [ttl + 1], needed: DARK_MISSES_NEEDED };
}
