/** Which probes of a matrix to send again before a missing answer counts. */
import { hopsBeyond, isDecided, readMatrix, seenAt, type ColumnFacts, type MatrixFacts } from './facts.ts';
import type { Matrix, MatrixColumn } from './matrix.ts';
import { answerRate, isPartial, missesAt, missesNeeded } from './misses.ts';

/** A cell to send more probes for. */
export interface Retry {
  readonly column: MatrixColumn['name'];
  readonly ttl: number;
  readonly attempts: number;
  /** The hop answers only some attempts. */
  readonly isSlow: boolean;
}

export interface RetryRound {
  readonly retries: readonly Retry[];
  /** To be sent a while after whatever was sent before. */
  readonly isSlow: boolean;
}

/** Rounds in which routers that limit their rate get their time; the last word on a path that loses too much. */
const MAX_ROUNDS = 16;

/** Of one cell in a round: what is lost is often lost together. */
const ATTEMPTS_A_ROUND = 2;

/**
 * Plans the rounds. Cells of a hop that answers everybody else at once are sent again at once, together with one that
 * was answered: that shows whether the hop still answers. Where a hop answers only some attempts, one probe a cell and
 * round: and a round in which the hop answered another cell's retry tells nothing of the others, which may have come
 * too soon after it.
 */
export class RetryPlan {
  #round = 0;
  /** Misses that count at hops that answer only some, by column and TTL. */
  readonly #slowMisses = new Map<string, number>();

  /** The next round; empty when nothing is left to find out, or to be had. */
  next(matrix: Matrix): RetryRound {
    if (this.#round >= MAX_ROUNDS) return { retries: [], isSlow: false };
    this.#round++;
    const facts = readMatrix(matrix);
    const wanted = facts.columns.flatMap((column) => this.#retriesOf(column, facts));
    const isSlow = wanted.some(({ isSlow: slow }) => slow);
    // nobody is always the last to be answered
    const first = this.#round % Math.max(1, wanted.length);
    const inTurn = [...wanted.slice(first), ...wanted.slice(0, first)];
    return { retries: [...inTurn, ...controlsOf(wanted, facts)], isSlow };
  }

  /** Takes note of a round that is over. `isAnswered` tells whether a cell's retry was. */
  done(round: readonly Retry[], isAnswered: (retry: Retry) => boolean): void {
    const spent = new Set(round.filter(isAnswered).map(({ ttl }) => ttl));
    for (const retry of round) {
      if (spent.has(retry.ttl)) continue;
      const key = keyOf(retry.column, retry.ttl);
      this.#slowMisses.set(key, (this.#slowMisses.get(key) ?? 0) + retry.attempts);
    }
  }

  #retriesOf(column: ColumnFacts, facts: MatrixFacts): Retry[] {
    if (isDecided(column)) return [];
    const hops = hopsBeyond(column, facts).filter((ttl) => ttl <= (facts.targetHop ?? Infinity));
    return hops.flatMap((ttl) => {
      const { name } = column.column;
      const isSlow = isPartial(answerRate(facts, ttl, column));
      const misses = isSlow ? (this.#slowMisses.get(keyOf(name, ttl)) ?? 0) : missesAt(column, ttl);
      const missing = missesNeeded(facts, ttl, column) - misses;
      const attempts = Math.min(missing, isSlow ? 1 : ATTEMPTS_A_ROUND);
      return attempts > 0 ? [{ column: name, ttl, attempts, isSlow }] : [];
    });
  }
}

/** For each hop that is asked again at once, a column that it has answered: sent last, it shows that none came too soon. */
function controlsOf(wanted: readonly Retry[], { columns }: MatrixFacts): Retry[] {
  const attemptsAt = new Map<number, number>();
  for (const { ttl, attempts, isSlow } of wanted) {
    if (!isSlow) attemptsAt.set(ttl, Math.max(attempts, attemptsAt.get(ttl) ?? 0));
  }
  return [...attemptsAt].flatMap(([ttl, attempts]) => {
    const witness = columns.find((column) => seenAt(column, ttl).length > 0);
    return witness ? [{ column: witness.column.name, ttl, attempts, isSlow: false }] : [];
  });
}

function keyOf(column: string, ttl: number): string {
  return `${ttl} ${column}`;
}
