/** Judges the columns of a matrix. */
import type { Family } from '../model/address.ts';
import type { CellReply, MatrixColumn } from './matrix.ts';
import type { ColumnEnd, ColumnFacts, Ending, MatrixFacts } from './facts.ts';
import { complaintOf } from '../model/answers.ts';
import { refusalOf } from './refusal.ts';
import type { ArrivedState } from '../model/probe-traits.ts';
import { afterOf, hopAt, type Evidence, type Verdict } from './verdict.ts';
import { judgeSilence } from './silence.ts';
import { judgeUnsettled } from './unsettled.ts';

/** Judges each column, in their order. */
export function judge(facts: MatrixFacts): readonly Verdict[] {
  return facts.columns.map((column) => judgeColumn(column, facts));
}

function judgeColumn(columnFacts: ColumnFacts, facts: MatrixFacts): Verdict {
  const { column, ending } = columnFacts;
  const [anonymous] = column.anonymous;
  if (column.refusedHere) {
    const ground = { type: 'unsent', error: column.refusedHere } as const;
    return { column, state: 'blocked here', confidence: 'certain', evidence: [], ground };
  }
  if (ending?.how === 'arrived') return judgeArrival(column, ending, columnFacts.lastTransit, facts);
  if (anonymous) {
    const ground = { type: 'answer', reply: anonymous } as const;
    const state = stateOf(column, anonymous, facts.matrix.family);
    return { column, state, confidence: 'high', evidence: [], ground };
  }
  if (ending?.how === 'rejected') return judgeRefusal(column, ending, facts);
  if (ending?.how === 'forged') return judgeForged(columnFacts, ending, facts);
  return judgeUnsettled(columnFacts, facts) ?? judgeSilence(columnFacts, facts);
}

function judgeArrival(
  column: MatrixColumn,
  end: ColumnEnd,
  lastTransit: number,
  facts: MatrixFacts,
): Verdict {
  // where the answer at the target's own hop was lost, the one at the next TTL came from it
  const hop = Math.min(end.ttl, Math.max(lastTransit + 1, facts.targetHop ?? end.ttl));
  return {
    column,
    state: stateOf(column, end.reply, facts.matrix.family),
    confidence: 'certain',
    evidence: [evidenceOf(column, end)],
    ground: { type: 'answer', hop, reply: end.reply },
  };
}

function stateOf({ probe, traits }: MatrixColumn, { kind }: CellReply, family: Family): ArrivedState {
  if (kind.type === 'answer') return traits.answerState(kind.tcp, probe.tcpFlags);
  return complaintOf(kind, family) === 'port' ? 'closed' : 'reached';
}

function judgeRefusal(column: MatrixColumn, end: ColumnEnd, facts: MatrixFacts): Verdict {
  return {
    column,
    state: 'rejected',
    confidence: 'certain',
    evidence: [evidenceOf(column, end)],
    ground: refusalOf(end, facts),
  };
}

function judgeForged(columnFacts: ColumnFacts, end: Ending & { how: 'forged' }, facts: MatrixFacts): Verdict {
  const { column, lastTransit } = columnFacts;
  const { witness, ...rest } = end;
  const after = afterOf(Math.min(lastTransit, end.ttl - 1), facts, columnFacts);
  return {
    column,
    state: 'rejected',
    confidence: witness.samePath ? 'high' : 'low',
    evidence: [evidenceOf(column, end), evidenceOf(witness.column, witness.end)],
    ground: { type: 'forged', end: rest, witness, ...after, before: hopAt(end.ttl, facts) },
  };
}

function evidenceOf({ name }: MatrixColumn, { ttl, attempt, reply }: ColumnEnd): Evidence {
  return { probe: name, ttl, attempt, from: reply.responder };
}
