/** The weight of a missing reply, by how often the same hop answered others. */
import { seenAt, type ColumnFacts, type MatrixFacts } from './facts.ts';
import { comparableAt, lastHopOf } from './peers.ts';

/** The answers of a hop to the columns that are known to get there, and the probes sent to it. */
export interface AnswerRate {
  readonly answered: number;
  readonly sent: number;
}

/** Misses prove something once the chance that all of them are accidents is below this. */
const CHANCE = 1e-4;
/** What counts for a hop before it is asked: as if, of so many probes, at least so many had been missed. */
const PRIOR_SENT = 6.6;
const PRIOR_MISSED = 0.1;
/** The misses that prove something at a hop that answers only some probes, sent so slowly that no rate limit swallows them. */
const SLOW_MISSES_NEEDED = 5;

/** Counts the answers of hop `ttl` to the columns that compare with this one and get at least there. */
export function answerRate(facts: MatrixFacts, ttl: number, column: ColumnFacts): AnswerRate {
  let [answered, sent] = [0, 0];
  for (const other of comparableAt(column, ttl, facts)) {
    if (lastHopOf(other) < ttl) continue;
    answered += seenAt(other, ttl).length;
    sent += other.column.cells.get(ttl)?.length ?? 0;
  }
  return { answered, sent };
}

/** Tells whether a hop answers only some attempts: it limits its rate, or the way loses packets. */
export function isPartial({ answered, sent }: AnswerRate): boolean {
  return answered < sent;
}

/** The misses in a row that make it unlikely that hop `ttl` was reached: more where the path loses anything. */
export function missesNeeded(facts: MatrixFacts, ttl: number, column: ColumnFacts): number {
  const own = answerRate(facts, ttl, column);
  return isPartial(own) ? SLOW_MISSES_NEEDED : improbableRun(own.answered, lossOf(facts, column));
}

/** The share of probes that got no answer from known hops on the way, of the columns that compare with this one. */
function lossOf(facts: MatrixFacts, column: ColumnFacts): number {
  const total = { answered: 0, sent: 0 };
  const lastHop = Math.max(...facts.columns.map(lastHopOf));
  for (let ttl = 1; ttl <= lastHop; ttl++) {
    const { answered, sent } = answerRate(facts, ttl, column);
    if (answered === 0) continue;
    total.answered += answered;
    total.sent += sent;
  }
  return 1 - total.answered / total.sent;
}

/** The shortest run of misses that is improbable after so many answers and no miss, by the beta-binomial distribution. */
function improbableRun(answered: number, loss: number): number {
  const missed = Math.max(PRIOR_MISSED, PRIOR_SENT * loss);
  let run = 0;
  for (let chance = 1; chance > CHANCE; run++) {
    chance *= (missed + run) / (PRIOR_SENT + answered + run);
  }
  return run;
}

/** The number of attempts in a cell that nobody answered. */
export function missesAt({ column }: ColumnFacts, ttl: number): number {
  return (column.cells.get(ttl) ?? []).filter((attempt) => attempt === null).length;
}
