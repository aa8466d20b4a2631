/** Answers in the target's name, and what speaks against each. */
import { sameHost, type Address } from '../model/address.ts';
import { isNaturalAnswer } from '../model/answers.ts';
import { contradictionsOf, type Ways } from './contradictions.ts';
import { isContradiction, type Doubt } from './doubt.ts';
import { besideRouter, claimOf, isSameWayBack, unlikenesses, type Claim } from './likeness.ts';
import { isTransit, repliesAt, ttlsOf } from './matrix.ts';

/**
 * The answers that are what a target says to a probe that has reached it, perhaps from another address of its own: where
 * that answers in the probe's own protocol, or where others have reached the target no further on.
 */
export function claimsOf({ matrix, ends, forwarded }: Ways, routers: ReadonlyMap<Address, number>): Claim[] {
  const { target, family } = matrix;
  const natural = [...ends].flatMap(([column, end]) =>
    end && !forwarded.has(column) && isNaturalAnswer(end.reply.kind, column.traits, family)
      ? [claimOf(column, end, target)]
      : [],
  );
  const isOwn = ({ end: { reply } }: Claim): boolean =>
    sameHost(reply.responder, target) || (reply.kind.type === 'answer' && !routers.has(reply.responder));
  const least = nearest(natural.filter(isOwn)) ?? Infinity;
  return natural.filter(
    (claim) => isOwn(claim) || (!routers.has(claim.end.reply.responder) && claim.end.ttl >= least),
  );
}

/** The errors in the target's name that no host sends by itself: from a filter on it, or from nearer. */
export function errorsInItsName({ matrix, ends }: Ways): Pick<Claim, 'column' | 'end'>[] {
  return [...ends].flatMap(([column, end]) =>
    end &&
    sameHost(end.reply.responder, matrix.target) &&
    !isNaturalAnswer(end.reply.kind, column.traits, matrix.family)
      ? [{ column, end }]
      : [],
  );
}

export function nearest(claims: readonly Claim[]): number | undefined {
  return claims.length === 0 ? undefined : Math.min(...claims.map(({ end }) => end.ttl));
}

/** What speaks against an answer in the target's name, the strongest first. */
export function doubtsOf(claim: Claim, claims: readonly Claim[], ways: Ways): Doubt[] {
  const { column, end } = claim;
  const contradictions = contradictionsOf(column, end, ways);
  const others = claims.filter(
    ({ column: other, end: { ttl, reply } }) =>
      other !== column && ttl >= end.ttl && sameHost(reply.responder, ways.matrix.target),
  );
  const from = end.reply.responder;
  return [
    ...contradictions,
    ...(sameHost(from, ways.matrix.target) ? [] : [{ type: 'other address', from } as const]),
    ...unsteadiness(claim),
    ...others.flatMap((other) => unlikenesses(claim, other, ways.matrix)),
    ...(isLikeAnother(claim, others) ? [] : besideRouter(claim, ways.matrix)),
  ];
}

/** Tells whether the target has answered another protocol from the same hop over as many routers. */
function isLikeAnother(claim: Claim, others: readonly Claim[]): boolean {
  return others.some(
    (other) =>
      other.column.protocol !== claim.column.protocol &&
      other.end.ttl === claim.end.ttl &&
      isSameWayBack(other.end, claim.end),
  );
}

/** An error that another probe of the column got nearer than the answer. */
function unsteadiness({ column, end }: Claim): Doubt[] {
  for (const ttl of ttlsOf(column).filter((hop) => hop < end.ttl)) {
    const error = repliesAt(column, ttl).find((reply) => !isTransit(reply));
    if (error) return [{ type: 'unsteady', column, ttl, from: error.responder }];
  }
  return [];
}

/**
 * Tells whether answers to several protocols come from one hop. Boxes that answer in the name of a target mostly do so for
 * one protocol, while a way that is longer than others happens to any.
 */
export function hasCompany({ end }: Claim, claims: readonly Claim[]): boolean {
  const beside = claims.filter(
    ({ end: other }) => other.ttl === end.ttl && sameHost(other.reply.responder, end.reply.responder),
  );
  return new Set(beside.map(({ column }) => column.protocol)).size > 1;
}

/** Tells whether nothing but the look of its TCP speaks against an answer. */
export function isUndoubted(doubts: readonly Doubt[]): boolean {
  return doubts.every(({ type }) => type === 'stack');
}

/** Tells whether nothing shows that an answer came from nearer than the target. */
export function isUncontradicted(doubts: readonly Doubt[]): boolean {
  return !doubts.some(isContradiction);
}
