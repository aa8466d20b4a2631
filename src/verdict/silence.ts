/** Verdicts on probes that nobody answers in the end. */
import { repliesAt, ttlsOf, type MatrixColumn } from './matrix.ts';
import { lastHopOf, peersOf } from './peers.ts';
import { seenAt, type ColumnFacts, type MatrixFacts } from './facts.ts';
import { groupsAt } from './paths.ts';
import { missesAt, missesNeeded } from './misses.ts';
import { isAtTarget, isMuteTo, testimonyAgainst, type Testimony } from './testimony.ts';
import { isContrast } from './filter-class.ts';
import { isSurelyLost, lostBeside } from './refusal.ts';
import { firstAnswer, missesIn } from './evidence.ts';
import { afterOf, hopAt, type Evidence, type Verdict } from './verdict.ts';

/** So many misses after several answers are no accident, where others are always answered. */
const MISSES_AFTER = 2;
/** So many misses of a column that has passed a hop are no accident. */
const MISSES_ENOUGH = 3;
/** So many other protocols that a router answers make it unlikely that it leaves out this one. */
const SOME_PROTOCOLS = 2;

/** Judges a column that is answered no further than its last hop. */
export function judgeSilence(column: ColumnFacts, facts: MatrixFacts): Verdict {
  const { targetHop = Infinity } = facts;
  const testimony = testimonyAgainst(column, facts);
  const [next] = testimony;
  if (isAtTarget(column, facts, testimony)) return judgeMute(column, facts, targetHop);
  if (!next) return judgeDark(column, facts);
  const weighty = testimony.find((each) => each.ttl !== targetHop && isWeighty(each));
  return judgeDropped(column, facts, weighty ?? next);
}

/** Tells whether a hop answers the column's kind, or not one other protocol alone: routers that do so are not rare. */
function isWeighty({ witnesses, isOfOneKind }: Testimony): boolean {
  return isOfOneKind || protocolsOf(witnesses) >= SOME_PROTOCOLS;
}

function protocolsOf(witnesses: readonly ColumnFacts[]): number {
  return new Set(witnesses.map(({ column }) => column.protocol)).size;
}

function judgeDropped(column: ColumnFacts, facts: MatrixFacts, next: Testimony): Verdict {
  const { ttl, isOfOneKind } = next;
  const isShut = isCutOff(column, facts) || next.witnesses.some((witness) => isAnsweredFirst(witness, ttl));
  // flows are sent to take different ways
  const isOneWay =
    column.column.flow !== undefined ||
    (isSharedPath(column, facts, ttl) && !isContested(column, facts, ttl));
  const isSure = isOfOneKind && isProven(column, facts, ttl) && isOneWay && !isShut;
  const witnesses = next.witnesses.map((witness) => witness.column);
  return {
    column: column.column,
    evidence: evidenceAt(column, facts, ttl),
    state: 'dropped',
    confidence: isSure ? 'high' : 'low',
    ground: {
      type: 'missing',
      ...afterOf(column.lastTransit, facts, column),
      before: hopAt(ttl, facts),
      witnesses,
      isOfOneKind,
      isCutOff: isShut,
      ...contrastOf(column, witnesses),
    },
  };
}

/** Tells whether another column has passed a hop unanswered: its router answers not all, or is one of several. */
function isContested(column: ColumnFacts, facts: MatrixFacts, ttl: number): boolean {
  return facts.columns.some(
    (other) =>
      other !== column &&
      lastHopOf(other) > ttl &&
      seenAt(other, ttl).length === 0 &&
      missesAt(other, ttl) >= MISSES_ENOUGH,
  );
}

/**
 * Tells whether the column's last hop has answered its first probes alone, though it answers others each time: a box that
 * lets the first packets of a connection pass makes such an end, or one that has had enough of this machine, wherever the
 * loss is.
 */
function isCutOff(column: ColumnFacts, facts: MatrixFacts): boolean {
  const { lastTransit } = column;
  const others = facts.columns.filter(
    (other) => seenAt(other, lastTransit).length > 0 && !isAnsweredFirst(other, lastTransit),
  );
  return (
    isAnsweredFirst(column, lastTransit) &&
    others.length > 0 &&
    others.every((other) => missesAt(other, lastTransit) === 0)
  );
}

/**
 * Tells whether a hop has answered the first attempts of a column and not the last ones. Where it does so to a witness, what
 * this run has sent may have closed the way for all.
 */
function isAnsweredFirst({ column }: ColumnFacts, ttl: number): boolean {
  const attempts = column.cells.get(ttl) ?? [];
  const last = attempts.findLastIndex((attempt) => attempt !== null);
  const missed = attempts.length - 1 - last;
  return missed >= (repliesAt(column, ttl).length === 1 ? 1 : MISSES_AFTER);
}

/** Judges a column beyond whose last answer nobody answers anything. */
function judgeDark(column: ColumnFacts, facts: MatrixFacts): Verdict {
  const { lastTransit } = column;
  const lost = lostBeside(column, facts);
  const ground = {
    type: 'dark',
    ...afterOf(lastTransit, facts, column),
    isLimit: lastTransit > 0 && lastTransit === Math.max(...column.column.cells.keys()),
    ...lost,
  } as const;
  const base = { column: column.column, evidence: evidenceAt(column, facts, undefined), ground };
  // it got to the router that says so of another column: routers do not say it to all
  if (lost.lost && lastTransit === lost.lost.refusal.by.ttl) {
    const isSure = isSurelyLost(lost.lost.refusal, facts);
    return { ...base, state: 'host unreachable', confidence: isSure ? 'high' : 'low' };
  }
  return { ...base, state: 'unknown', confidence: 'low' };
}

/** Judges a column where only the target could still answer. */
function judgeMute(column: ColumnFacts, facts: MatrixFacts, targetHop: number): Verdict {
  const { lastTransit: lastHop } = column;
  // where this way is longer than that of others, nobody knows how far the target is
  const between = Array.from(
    { length: Math.max(0, targetHop - 1 - lastHop) },
    (_, index) => lastHop + 1 + index,
  );
  const isNext =
    lastHop < targetHop &&
    between.every((ttl) => isMuteTo(column, ttl, facts)) &&
    !comesBack(column.column, lastHop);
  const isShut = isCutOff(column, facts);
  const isSure = isNext && isProven(column, facts, targetHop) && !isPatchy(column, facts) && !isShut;
  return {
    column: column.column,
    state: 'silent',
    confidence: isSure ? 'high' : 'low',
    evidence: evidenceAt(column, facts, targetHop),
    ground: {
      type: 'mute',
      ...afterOf(lastHop, facts, column),
      ...(lastHop < targetHop ? { before: hopAt(targetHop, facts) } : {}),
      targetHop,
      isCutOff: isShut,
      ...contrastOf(column, witnessesAt(column, facts, targetHop)),
    },
  };
}

/** Tells whether the target leaves out answers to columns of the same kind: a limit of its own may hit this one always. */
function isPatchy(column: ColumnFacts, facts: MatrixFacts): boolean {
  return peersOf(column, facts).some(
    (peer) =>
      peer.ending?.how === 'arrived' &&
      missesAt(peer, peer.ending.ttl) > 0 &&
      peer.ending.reply.kind.type !== 'answer',
  );
}

/** Tells whether the router at a hop has answered nearer too: the column may go round between routers. */
function comesBack(column: MatrixColumn, ttl: number): boolean {
  const nearer = ttlsOf(column).filter((hop) => hop < ttl - 1);
  const addresses = new Set(repliesAt(column, ttl).map(({ responder }) => responder));
  return nearer.some((hop) => repliesAt(column, hop).some(({ responder }) => addresses.has(responder)));
}

/** Tells whether the misses at a hop are too many to be accidents. */
function isProven(column: ColumnFacts, facts: MatrixFacts, ttl: number): boolean {
  return missesAt(column, ttl) >= missesNeeded(facts, ttl, column);
}

/** Tells whether all answered columns saw one router at the hops that the verdict rests on. */
function isSharedPath(column: ColumnFacts, facts: MatrixFacts, next: number): boolean {
  const hops = column.lastTransit > 0 ? [column.lastTransit, next] : [next];
  return hops.every((ttl) => groupsAt(facts, ttl).length === 1);
}

function witnessesAt(column: ColumnFacts, facts: MatrixFacts, ttl: number): readonly MatrixColumn[] {
  return facts.columns
    .filter((other) => other !== column && seenAt(other, ttl).length > 0)
    .map((other) => other.column);
}

/** The witness that is this column's contrast, if there is one. */
function contrastOf(
  { column }: ColumnFacts,
  witnesses: readonly MatrixColumn[],
): { contrast?: MatrixColumn } {
  const contrast = witnesses.find((other) => isContrast(column, other));
  return contrast ? { contrast } : {};
}

/** The column's last answer, its misses at `next`, and one answer to each column that was answered there. */
function evidenceAt(column: ColumnFacts, facts: MatrixFacts, next?: number): readonly Evidence[] {
  const own = firstAnswer(column.column, column.lastTransit);
  if (next === undefined) return own;
  const others = facts.columns
    .filter((other) => other !== column && seenAt(other, next).length > 0)
    .flatMap((other) => firstAnswer(other.column, next));
  return [...own, ...missesIn(column.column, next), ...others];
}
