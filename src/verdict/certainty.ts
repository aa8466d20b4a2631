/** How sure an answer in the target's name is. */
import { sameHost } from '../model/address.ts';
import { isContradiction, type Doubt } from './doubt.ts';
import type { ColumnEnd, ColumnFacts, Ending, MatrixFacts } from './facts.ts';
import { claimOf, isBeyondRouter, isSameWayBack, unlikenesses } from './likeness.ts';
import { sharedPath } from './shared-path.ts';
import type { Confidence } from './verdict.ts';

/** An end with what speaks against its being the target's. */
type DoubtedEnd = ColumnEnd & { readonly doubts: readonly Doubt[] };

/** How sure it is that an answer is the target's. */
export function arrivalConfidence(facts: ColumnFacts, end: Ending, matrixFacts: MatrixFacts): Confidence {
  if (end.doubts.some(({ type }) => type !== 'stack')) return 'low';
  const isSure = end.doubts.length === 0 && !isRefused(end) && isConfirmed(facts, end, matrixFacts);
  return isSure ? 'certain' : 'high';
}

/** Tells whether a firewall on the target's own network may have said so: its RST or error is the target's to the octet. */
function isRefused({ reply: { kind } }: Ending): boolean {
  return kind.type !== 'answer' || kind.tcp?.state === 'closed';
}

/**
 * Tells whether the target has answered a probe of another protocol from the same hop, over as many routers, in the same
 * time, and both later than the router before. What forges one answer would have to forge the other, and to wait for it.
 */
function isConfirmed(facts: ColumnFacts, end: Ending, { matrix, columns }: MatrixFacts): boolean {
  const claim = claimOf(facts.column, end, matrix.target);
  if (!isBeyondRouter(claim, matrix)) return false;
  return columns.some(({ column, ending }) => {
    if (column.protocol === claim.column.protocol || ending?.how !== 'arrived') return false;
    const other = claimOf(column, ending, matrix.target);
    return (
      ending.ttl === end.ttl &&
      ending.doubts.length === 0 &&
      sameHost(ending.reply.responder, matrix.target) &&
      isSameWayBack(end, ending) &&
      sharedPath(claim.column, column, end.ttl) === 'same' &&
      isBeyondRouter(other, matrix) &&
      unlikenesses(claim, other, matrix).length === 0
    );
  });
}

/** How sure it is that an answer is not the target's, though it has the target's address. */
export function forgeryConfidence(end: DoubtedEnd, facts: MatrixFacts): Confidence {
  const { ttl, doubts } = end;
  const isOnePath = doubts.some((doubt) => isContradiction(doubt) && doubt.path === 'same');
  const isSure = isOnePath && doubts.some((doubt) => supports(doubt, ttl));
  return isSure && !mayBeHidden(end, facts) ? 'high' : 'low';
}

/**
 * Tells whether an answer looks like those that the target gives further on: a box that gives what passes it a TTL of its
 * own hides the rest of the way.
 */
function mayBeHidden(end: DoubtedEnd, { columns }: MatrixFacts): boolean {
  if (end.doubts.some(({ type }) => type === 'round trip')) return false;
  return columns.some(
    ({ ending }) => ending?.how === 'arrived' && ending.ttl > end.ttl && isSameWayBack(end, ending),
  );
}

/**
 * Ways to one host may differ by one hop behind the last router that they share, but hardly by more, and an answer from
 * nearer mostly comes over fewer routers or in less time.
 */
function supports(doubt: Doubt, ttl: number): boolean {
  if (doubt.type === 'arrival ttl' || doubt.type === 'round trip') return true;
  return isContradiction(doubt) && doubt.path === 'same' && doubt.ttl > ttl;
}
