/** Answers in the target's name that come from nearer than the target. */
import { sameHost } from '../model/address.ts';
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

/** The furthest router that answers the other column at `ttl` or beyond. One seen before is in a loop. */
function routerBeyond(
  column: MatrixColumn,
  other: MatrixColumn,
  ttl: number,
  { matrix, forwarded }: Ways,
): Contradiction | undefined {
  const forwarding = forwarded.get(other);
  const nearer = new Set<string>();
  let found: Contradiction | undefined;
  for (const hop of ttlsOf(other)) {
    const isBehindTarget = forwarding !== undefined && hop >= forwarding.ttl;
    for (const { responder } of transitAt(other, hop)) {
      const isNew = !nearer.has(responder) && !sameHost(responder, matrix.target);
      nearer.add(responder);
      if (hop < ttl || !isNew || isBehindTarget) continue;
      const path = sharedPath(column, other, ttl);
      found = { type: 'router beyond', column: other, ttl: hop, from: responder, path };
    }
  }
  return found;
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
  const between = ttlsOf(other).filter((hop) => hop >= ttl && hop < end.ttl);
  const sent = between.reduce((sum, hop) => sum + (other.cells.get(hop)?.length ?? 0), 0);
  const isAnswered = between.some((hop) => repliesAt(other, hop).length > 0);
  if (isAnswered || sent < LEAST_MISSES) return undefined;
  return { type: 'target beyond', column: other, ttl: end.ttl, path: sharedPath(column, other, ttl) };
}
