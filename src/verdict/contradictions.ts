/** Answers in the target's name that come from nearer than the target. */
import { sameHost, type Address } from '../model/address.ts';
import type { Contradiction } from './doubt.ts';
import { transitAt, type ColumnEnd } from './ends.ts';
import type { Forwarding } from './forwarding.ts';
import { repliesAt, ttlsOf, type Matrix, type MatrixColumn } from './matrix.ts';
import { sharedPath, type SharedPath } from './shared-path.ts';

/** What is known of the columns before their answers are judged. */
export interface Ways {
  readonly matrix: Matrix;
  readonly ends: ReadonlyMap<MatrixColumn, ColumnEnd | undefined>;
  readonly forwarded: ReadonlyMap<MatrixColumn, Forwarding>;
  /** The furthest router of each column. */
  readonly furthest: ReadonlyMap<MatrixColumn, RouterAt | undefined>;
}

/** A router, and the TTL at which it answered. */
interface RouterAt {
  readonly ttl: number;
  readonly from: Address;
}

/** Probes that the target leaves unanswered before they show that it is further on, where no router says so. */
const LEAST_MISSES = 6;
const STRENGTH: Readonly<Record<SharedPath, number>> = { same: 0, unknown: 1, different: 2 };

/** What shows that the target is further away than where this answer came from, the strongest first. */
export function contradictionsOf(column: MatrixColumn, { ttl }: ColumnEnd, ways: Ways): Contradiction[] {
  return ways.matrix.columns
    .flatMap(
      (other) => routerBeyond(column, other, ttl, ways) ?? targetBeyond(column, other, ttl, ways) ?? [],
    )
    .sort((a, b) => STRENGTH[a.path] - STRENGTH[b.path] || b.ttl - a.ttl);
}

/** The furthest router that answers the other column, where that is at `ttl` or beyond. */
function routerBeyond(
  column: MatrixColumn,
  other: MatrixColumn,
  ttl: number,
  { furthest }: Ways,
): Contradiction | undefined {
  const router = furthest.get(other);
  if (!router || router.ttl < ttl) return undefined;
  return { type: 'router beyond', column: other, ...router, path: sharedPath(column, other, ttl) };
}

/** The furthest router before the target that answers a column. One that has answered nearer is in a loop. */
export function furthestRouter(
  column: MatrixColumn,
  { target }: Matrix,
  forwarding: Forwarding | undefined,
): RouterAt | undefined {
  const nearer = new Set<Address>();
  let furthest: RouterAt | undefined;
  for (const ttl of ttlsOf(column)) {
    if (forwarding !== undefined && ttl >= forwarding.ttl) break;
    for (const { responder } of transitAt(column, ttl)) {
      if (!nearer.has(responder) && !sameHost(responder, target)) furthest = { ttl, from: responder };
      nearer.add(responder);
    }
  }
  return furthest;
}

/** The target's answer to the other column, where it left those to nearer hops unanswered. */
function targetBeyond(
  column: MatrixColumn,
  other: MatrixColumn,
  ttl: number,
  { matrix, ends, forwarded }: Ways,
): Contradiction | undefined {
  const end = ends.get(other);
  if (!end || end.ttl <= ttl || forwarded.has(other) || !sameHost(end.reply.responder, matrix.target)) {
    return undefined;
  }
  // asked far beyond all others, it tells no distance
  if (!other.cells.has(end.ttl - 1)) return undefined;
  const between = ttlsOf(other).filter((hop) => hop >= ttl && hop < end.ttl);
  const sent = between.reduce((sum, hop) => sum + (other.cells.get(hop)?.length ?? 0), 0);
  const isAnswered = between.some((hop) => repliesAt(other, hop).length > 0);
  if (isAnswered || sent < LEAST_MISSES) return undefined;
  return { type: 'target beyond', column: other, ttl: end.ttl, path: sharedPath(column, other, ttl) };
}
