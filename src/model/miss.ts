/** How much a probe without a reply tells, given how often the same hop answered others. */
import { seenAt, type ColumnFacts, type MatrixFacts } from './matrix-facts.ts';

/** How often a hop answered the columns that are known to get there. */
export interface AnswerRate {
  readonly answered: number;
  readonly sent: number;
}

/** The chance that all misses of a cell are accidents is to be below this. */
const CHANCE = 1e-4;
/** One more attempt than was seen, answered with this chance: few answers in a row prove little. */
const PRIOR = 0.75;
/** How many misses a hop needs that answers only some: of probes sent so slowly that no rate limit swallows them. */
const SLOW_MISSES_NEEDED = 5;

/** How often `ttl` answered the columns other than `except` that get at least there. */
export function answerRate(facts: MatrixFacts, ttl: number, except: ColumnFacts): AnswerRate {
  let [answered, sent] = [0, 0];
  for (const other of facts.columns) {
    if (other === except || !gets(other, ttl)) continue;
    answered += seenAt(other, ttl).length;
    sent += other.column.cells.get(ttl)?.length ?? 0;
  }
  return { answered, sent };
}

function gets({ lastTransit, ending }: ColumnFacts, ttl: number): boolean {
  return lastTransit >= ttl || (ending?.how === 'arrived' && ending.ttl >= ttl);
}

/** Whether the hop answers some attempts and others not: it limits its rate, or the way loses packets. */
export function isPartial({ answered, sent }: AnswerRate): boolean {
  return answered < sent;
}

/** How many misses in a row make it unlikely that the hop was reached. */
export function missesNeeded(rate: AnswerRate): number {
  if (isPartial(rate)) return SLOW_MISSES_NEEDED;
  return Math.ceil(Math.log(CHANCE) / Math.log(1 - (rate.answered + PRIOR) / (rate.sent + 1)));
}

/** The attempts of a cell that nobody answered. */
export function missesAt({ column }: ColumnFacts, ttl: number): number {
  return (column.cells.get(ttl) ?? []).filter((attempt) => attempt === null).length;
}
