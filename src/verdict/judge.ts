/** Judges the columns of a matrix. */
import type { Family } from '../model/address.ts';
import type { CellReply, MatrixColumn } from './matrix.ts';
import { hopsBeyond, type ColumnEnd, type ColumnFacts, type Ending, type MatrixFacts } from './facts.ts';
import { complaintOf, isNaturalAnswer } from '../model/answers.ts';
import { isSurelyLost, refusalOf } from './refusal.ts';
import type { ArrivedState } from '../model/probe-traits.ts';
import { arrivalConfidence, forgeryConfidence } from './certainty.ts';
import { isTransit, repliesAt, ttlsOf } from './matrix.ts';
import { afterOf, hopAt, type Confidence, type GroundOf, type Verdict } from './verdict.ts';
import { evidenceOf, evidenceOfDoubts, firstAnswer } from './evidence.ts';
import type { Forwarding } from './forwarding.ts';
import type { Loop } from './loop.ts';
import { judgeSilence } from './silence.ts';
import { judgeUnsettled } from './unsettled.ts';

/** Judges each column, in their order. */
export function judge(facts: MatrixFacts): readonly Verdict[] {
  return facts.columns.map((column) => judgeColumn(column, facts));
}

function judgeColumn(columnFacts: ColumnFacts, facts: MatrixFacts): Verdict {
  const { column, ending, forwarding } = columnFacts;
  const [anonymous] = column.anonymous;
  if (column.refusedHere) {
    const ground = { type: 'unsent', error: column.refusedHere } as const;
    return { column, state: 'blocked here', confidence: 'certain', evidence: [], ground };
  }
  if (anonymous && ending?.how !== 'arrived') return judgeAnonymous(column, anonymous, facts);
  if (forwarding) return judgeForwarding(column, forwarding, ending, facts);
  if (ending) return judgeEnding(columnFacts, ending, facts);
  return judgeUnended(columnFacts, facts);
}

function judgeUnended(column: ColumnFacts, facts: MatrixFacts): Verdict {
  if (column.loop) return judgeLoop(column.column, column.loop);
  return judgeUnsettled(column, facts) ?? judgeSilence(column, facts);
}

function judgeAnonymous(column: MatrixColumn, reply: CellReply, { matrix }: MatrixFacts): Verdict {
  const ground = { type: 'answer', reply, doubts: [] } as const;
  const state = stateOf(column, reply, matrix.family);
  return { column, state, confidence: 'high', evidence: [], ground };
}

function judgeEnding(columnFacts: ColumnFacts, ending: Ending, facts: MatrixFacts): Verdict {
  if (ending.how === 'arrived') return judgeArrival(columnFacts, ending, facts);
  if (ending.how === 'forged') return judgeForged(columnFacts, ending, facts);
  return judgeRefusal(columnFacts, ending, facts);
}

function judgeArrival(columnFacts: ColumnFacts, end: Ending, facts: MatrixFacts): Verdict {
  const { column, lastTransit } = columnFacts;
  // where the answer at the target's own hop was lost, the one at the next TTL came from it
  const hop = Math.min(end.ttl, Math.max(lastTransit + 1, facts.targetHop ?? end.ttl));
  return {
    column,
    state: stateOf(column, end.reply, facts.matrix.family),
    confidence: arrivalConfidence(end),
    evidence: [evidenceOf(column, end), ...evidenceOfDoubts(end.doubts)],
    ground: {
      type: 'answer',
      hop,
      ...(hop > 1 && hop === ttlsOf(column)[0] ? { isBound: true } : {}),
      reply: end.reply,
      doubts: end.doubts,
    },
  };
}

function stateOf({ probe, traits }: MatrixColumn, { kind }: CellReply, family: Family): ArrivedState {
  if (kind.type === 'answer') return traits.answerState(kind.tcp, probe.tcpFlags);
  return complaintOf(kind, family) === 'port' ? 'closed' : 'reached';
}

function judgeRefusal(columnFacts: ColumnFacts, end: Ending, facts: MatrixFacts): Verdict {
  const { column } = columnFacts;
  const ground = refusalOf(end, facts);
  const base = { column, evidence: [evidenceOf(column, end)], ground };
  const isPassed = passesAt(column, end.ttl);
  if (ground.isLost) {
    const isSure = !isPassed && isSurelyLost(ground, facts);
    return { ...base, state: 'host unreachable', confidence: isSure ? 'high' : 'low' };
  }
  return {
    ...base,
    state: 'rejected',
    confidence: isPassed ? 'low' : refusalConfidence(ground, end, facts, columnFacts),
  };
}

/** How sure a refusal is: its sender may not be where it seems, if it has the target's address or one that nobody has seen. */
function refusalConfidence(
  { isSeen, fromTarget }: GroundOf<'refusal'>,
  { ttl, reply }: Ending,
  facts: MatrixFacts,
  columnFacts: ColumnFacts,
): Confidence {
  const { targetHop = -Infinity, matrix } = facts;
  if (fromTarget) return ttl <= targetHop + 1 && getsTo(ttl, columnFacts, facts) ? 'high' : 'low';
  if (isSeen) return 'high';
  // perhaps another address of the target, which says so by itself
  return isNaturalAnswer(reply.kind, columnFacts.column.traits, matrix.family) ? 'low' : 'high';
}

/** Tells whether no hop before `ttl` answers others and not this column, which may have ended there. */
function getsTo(ttl: number, column: ColumnFacts, facts: MatrixFacts): boolean {
  return hopsBeyond(column, facts).every((hop) => hop >= ttl);
}

/** Tells whether routers answer a column beyond a hop at which it was refused: only some of its probes are. */
function passesAt(column: MatrixColumn, ttl: number): boolean {
  const beyond = ttlsOf(column).filter((hop) => hop > ttl);
  return beyond.some((hop) => repliesAt(column, hop).some(isTransit));
}

function judgeForged(columnFacts: ColumnFacts, end: Ending & { how: 'forged' }, facts: MatrixFacts): Verdict {
  const { column, lastTransit } = columnFacts;
  const { ttl, reply, attempt, doubts } = end;
  const after = afterOf(Math.min(lastTransit, ttl - 1), facts, columnFacts);
  return {
    column,
    state: 'rejected',
    confidence: forgeryConfidence(end, facts),
    evidence: [evidenceOf(column, end), ...evidenceOfDoubts(doubts)],
    ground: {
      type: 'forged',
      end: { ttl, reply, attempt },
      doubts,
      ...(facts.targetHop === undefined ? {} : { targetHop: facts.targetHop }),
      ...after,
      before: hopAt(ttl, facts),
    },
  };
}

function judgeForwarding(
  column: MatrixColumn,
  forwarding: Forwarding,
  end: ColumnEnd | undefined,
  facts: MatrixFacts,
): Verdict {
  const answer = end && { end, state: stateOf(column, end.reply, facts.matrix.family) };
  return {
    column,
    state: 'forwarded',
    confidence: forwarding.isSure ? 'high' : 'low',
    evidence: end ? [evidenceOf(column, end)] : [],
    ground: {
      type: 'forwarded',
      forwarding,
      by:
        forwarding.by === 'quote'
          ? hopAt(forwarding.ttl, facts)
          : { ttl: forwarding.ttl, address: facts.matrix.target },
      ...(answer ? { answer } : {}),
    },
  };
}

function judgeLoop(column: MatrixColumn, loop: Loop): Verdict {
  const ttls = ttlsOf(column).filter((ttl) => ttl >= loop.firstTtl);
  const evidence = ttls.flatMap((ttl) => firstAnswer(column, ttl));
  return { column, state: 'loop', confidence: 'high', evidence, ground: { type: 'loop', loop } };
}
