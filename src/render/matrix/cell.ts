/** The cells of a matrix. */
import { repliesAt, type CellReply, type MatrixColumn } from '../../verdict/matrix.ts';
import type { ColumnFacts, MatrixFacts } from '../../verdict/facts.ts';
import { refusalLetters } from './refusal.ts';

/** The text of a cell in which nothing has arrived: so far, or in the end. */
export type EmptyCell = '' | '*';
const NOT_PROBED = '.';

/**
 * The last row of a table: the hop where the furthest column ends, or the one after it where none reached the target. Of a
 * loop it shows one turn.
 */
export function lastRow({ columns, targetHop }: MatrixFacts): number {
  const furthest = Math.max(
    ...columns.map(({ lastTransit, ending, loop }) =>
      loop ? loop.repeatsFrom - 1 : Math.max(lastTransit, ending?.ttl ?? 0),
    ),
  );
  const sent = Math.max(0, ...columns.flatMap(({ column }) => [...column.cells.keys()]));
  return targetHop === undefined ? Math.min(sent, furthest + 1) : Math.max(furthest, targetHop);
}

/** The hops of a table, from the first TTL to the last row. */
export function rowsFrom(firstTtl: number, facts: MatrixFacts): readonly number[] {
  return Array.from({ length: Math.max(0, lastRow(facts) - firstTtl + 1) }, (_, index) => firstTtl + index);
}

/** The text of a cell: the least round-trip time in milliseconds, and what else the answer says. */
export function cellText(column: ColumnFacts, ttl: number, facts: MatrixFacts, empty: EmptyCell): string {
  if (!isProbed(column, ttl)) return NOT_PROBED;
  const { ending } = column;
  const best = bestReply(column.column, ttl);
  if (!best) return column.column.anonymous.length > 0 && ttl === facts.targetHop ? 'open' : empty;
  const isEnd = ending?.ttl === ttl;
  const reply = isEnd ? ending.reply : best;
  return best.rttMs.toFixed(1) + remark(reply, isEnd && ending.how === 'rejected', ttl, facts);
}

/** Tells whether a cell was probed and does not lie beyond the column's end. */
export function isProbed({ column, ending }: ColumnFacts, ttl: number): boolean {
  return column.cells.has(ttl) && !(ending && ttl > ending.ttl);
}

function bestReply(column: MatrixColumn, ttl: number): CellReply | undefined {
  return repliesAt(column, ttl).reduce<CellReply | undefined>(
    (best, reply) => (best && best.rttMs <= reply.rttMs ? best : reply),
    undefined,
  );
}

/** The letters of an error. A refusal that another hop sent has that hop behind them. */
function remark(reply: CellReply, isRefusal: boolean, ttl: number, facts: MatrixFacts): string {
  const letters = refusalLetters(reply.kind, facts.matrix.family);
  if (!isRefusal) return letters === '' || letters === '!p' ? '' : ` ${letters}`;
  const hop = facts.routers.get(reply.responder) ?? ttl;
  return ` ${letters}${hop === ttl ? '' : ` (${hop})`}`;
}
