/** The facts that the cells of a matrix show of its path: who is where, and how each column ends. */
import type { Address } from '../model/address.ts';
import { isNaturalAnswer } from '../model/answers.ts';
import {
  claimsOf,
  doubtsOf,
  errorsInItsName,
  hasCompany,
  isUncontradicted,
  isUndoubted,
  nearest,
} from './claims.ts';
import { contradictionsOf, furthestRouter, type Ways } from './contradictions.ts';
import { isContradiction, type Contradiction, type Doubt } from './doubt.ts';
import { endOf, lastTransitOf, transitAt, type ColumnEnd } from './ends.ts';
import { forwardings, type Forwarding } from './forwarding.ts';
import type { Claim } from './likeness.ts';
import { loopOf, type Loop } from './loop.ts';
import { withMisspoken } from './misspoken.ts';
import { refusersOf, type Refuser } from './refusers.ts';
import { isTransit, repliesAt, ttlsOf, type CellReply, type Matrix, type MatrixColumn } from './matrix.ts';

export type { ColumnEnd } from './ends.ts';

/**
 * The end of a column: at the target, at a host that the target's box forwards to, by a refusal, or by an answer in the
 * target's name that cannot be its own.
 */
export type Ending =
  | ({ readonly how: 'arrived' | 'forwarded' | 'rejected'; readonly doubts: readonly Doubt[] } & ColumnEnd)
  | ({ readonly how: 'forged'; readonly doubts: readonly [Contradiction, ...Doubt[]] } & ColumnEnd);

/** The facts of one column. */
export interface ColumnFacts {
  readonly column: MatrixColumn;
  /** The largest TTL that a router answered with time exceeded; 0 when none did. */
  readonly lastTransit: number;
  readonly ending?: Ending;
  readonly forwarding?: Forwarding;
  readonly loop?: Loop;
}

/** The facts of a whole matrix. */
export interface MatrixFacts {
  readonly matrix: Matrix;
  readonly columns: readonly ColumnFacts[];
  /** For the address of each router, the least hop at which it was seen. */
  readonly routers: ReadonlyMap<Address, number>;
  readonly refusers: ReadonlyMap<Address, Refuser>;
  /** The least hop at which the target answered, beyond doubt if any answer is; undefined when it never did. */
  readonly targetHop?: number;
}

/** Reads the facts out of a matrix. */
export function readMatrix(measured: Matrix): MatrixFacts {
  const matrix = withMisspoken(measured);
  const routers = routersOf(matrix);
  const ends = new Map(matrix.columns.map((column) => [column, endOf(column, matrix.target)]));
  const forwarded = forwardings(matrix, ends);
  const furthest = new Map(
    matrix.columns.map((column) => [column, furthestRouter(column, matrix, forwarded.get(column))]),
  );
  const ways: Ways = { matrix, ends, forwarded, furthest };
  const claims = claimsOf(ways, routers);
  const doubts = new Map([
    ...errorsInItsName(ways).map(({ column, end }) => [column, contradictionsOf(column, end, ways)] as const),
    ...claims.map((claim) => [claim.column, doubtsOf(claim, claims, ways)] as const),
  ]);
  const inCompany = claims.filter((claim) => hasCompany(claim, claims));
  const withDoubts = (isGood: (of: readonly Doubt[]) => boolean): readonly Claim[] =>
    claims.filter(({ column }) => isGood(doubts.get(column) ?? []));
  const targetHop =
    nearest(withDoubts(isUndoubted)) ?? nearest(withDoubts(isUncontradicted)) ?? nearest(inCompany);
  const reading = { ...ways, doubts, inCompany: new Set(inCompany.map(({ column }) => column)) };
  const columns = matrix.columns.map((column) => factsOf(column, reading));
  return {
    matrix,
    columns,
    routers,
    refusers: refusersOf(matrix),
    ...(targetHop === undefined ? {} : { targetHop }),
  };
}

/** Tells whether a column has a verdict that further probes cannot change. */
export function isDecided({ column, ending, loop }: ColumnFacts): boolean {
  return (
    ending !== undefined ||
    loop !== undefined ||
    column.refusedHere !== undefined ||
    column.anonymous.length > 0
  );
}

/**
 * The replies at a hop that show who is there: those of routers on the way, and of the target where it is reached. The
 * second turn of a loop shows nothing new.
 */
export function seenAt({ column, ending, loop }: ColumnFacts, ttl: number): readonly CellReply[] {
  if (loop && ttl >= loop.repeatsFrom) return [];
  const replies = repliesAt(column, ttl);
  if (ending?.how === 'arrived' && ending.ttl === ttl && isUncontradicted(ending.doubts)) return replies;
  return replies.filter(isTransit);
}

/** The hops beyond the column's last answer, up to the target's, that answered any other column, in their order. */
export function hopsBeyond(
  column: ColumnFacts,
  { columns, targetHop = Infinity }: MatrixFacts,
): readonly number[] {
  const { lastTransit } = column;
  const others = columns.filter((other) => other !== column);
  const ttls = others.flatMap((other) =>
    [...other.column.cells.keys()].filter(
      (ttl) => ttl > lastTransit && ttl <= targetHop && seenAt(other, ttl).length > 0,
    ),
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

/** All that the ending of a column is read from. */
interface Reading extends Ways {
  readonly doubts: ReadonlyMap<MatrixColumn, readonly Doubt[]>;
  readonly inCompany: ReadonlySet<MatrixColumn>;
}

function factsOf(column: MatrixColumn, reading: Reading): ColumnFacts {
  const end = reading.ends.get(column);
  const [forwarding, loop] = [reading.forwarded.get(column), end ? undefined : loopOf(column)];
  const ending = end && endingOf(end, column, reading);
  return {
    column,
    lastTransit: lastTransitOf(column),
    ...(ending ? { ending } : {}),
    ...(forwarding ? { forwarding } : {}),
    ...(loop ? { loop } : {}),
  };
}

function endingOf(end: ColumnEnd, column: MatrixColumn, reading: Reading): Ending {
  const { matrix, forwarded, inCompany } = reading;
  const isNatural = isNaturalAnswer(end.reply.kind, column.traits, matrix.family);
  const doubts = reading.doubts.get(column);
  if (!doubts)
    return { how: isNatural && forwarded.has(column) ? 'forwarded' : 'rejected', ...end, doubts: [] };
  const [first, ...rest] = doubts;
  const isForged = first && isContradiction(first) && first.path !== 'different';
  if (isForged && !inCompany.has(column)) return { how: 'forged', ...end, doubts: [first, ...rest] };
  return { how: isNatural ? 'arrived' : 'rejected', ...end, doubts };
}
