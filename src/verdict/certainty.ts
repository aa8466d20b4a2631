/** How sure an answer in the target's name is. */
import { isContradiction, type Doubt } from './doubt.ts';
import type { ColumnEnd, Ending, MatrixFacts } from './facts.ts';
import { isSameWayBack } from './likeness.ts';
import type { Confidence } from './verdict.ts';

/** An end with what speaks against its being the target's. */
type DoubtedEnd = ColumnEnd & { readonly doubts: readonly Doubt[] };

/**
 * How sure it is that an answer is the target's. Never more than that: what takes all traffic to an address for its own
 * cannot be told from who has that address.
 */
export function arrivalConfidence({ doubts }: Ending): Confidence {
  return doubts.some(({ type }) => type !== 'stack') ? 'low' : 'high';
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
