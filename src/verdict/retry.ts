/** Chooses the probes of a matrix to send again before a missing answer counts. */
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

/** The probes of one round. */
export interface RetryRound {
  readonly retries: readonly Retry[];
  /** Wait a while before it is sent: a hop answers only some attempts. */
  readonly isSlow: boolean;
}

/** Enough rounds for routers that limit their rate. On a path that loses too much, the search ends with them. */
const MAX_ROUNDS = 16;

/** Up to so many columns are asked again at every hop that answers others. */
const FEW_COLUMNS = 32;

/** Attempts of one cell in a round. More would prove little, since losses come together. */
const ATTEMPTS_A_ROUND = 2;

/**
 * Plans the rounds. Where a hop answers all other columns, its missing cells are sent again at once, with one cell that
 * was answered: that shows whether the hop still answers. Where a hop answers only some attempts, each round has one probe
 * a cell. If the hop then answers one cell, the round tells nothing of the others, for they may have come too soon after it.
 */
export class RetryPlan {
  #round = 0;
  /** By column and TTL, the misses that count at hops which answer only some attempts. */
  readonly #slowMisses = new Map<string, number>();

  /** The next round; empty when nothing is left to find out, or the rounds are used up. */
  next(matrix: Matrix): RetryRound {
    if (this.#round >= MAX_ROUNDS) return { retries: [], isSlow: false };
    this.#round++;
    const facts = readMatrix(matrix);
    const wanted = facts.columns.flatMap((column) => this.#retriesOf(column, facts));
    const isSlow = wanted.some(({ isSlow: slow }) => slow);
    // each round begins with another cell, so that a rate limit does not always hit the same
    const first = this.#round % Math.max(1, wanted.length);
    const inTurn = [...wanted.slice(first), ...wanted.slice(0, first)];
    return { retries: [...inTurn, ...controlsOf(wanted, facts)], isSlow };
  }

  /** Takes note of a round that is over. `isAnswered` tells whether a retry got an answer. */
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
    return worthAsking(hops, facts).flatMap((ttl) => {
      const { name } = column.column;
      const isSlow = isPartial(answerRate(facts, ttl, column));
      const misses = isSlow ? (this.#slowMisses.get(keyOf(name, ttl)) ?? 0) : missesAt(column, ttl);
      const missing = missesNeeded(facts, ttl, column) - misses;
      const attempts = Math.min(missing, isSlow ? 1 : ATTEMPTS_A_ROUND);
      return attempts > 0 ? [{ column: name, ttl, attempts, isSlow }] : [];
    });
  }
}

/** Of many columns each is asked again where it was lost and at the end alone: the hops between would only take time. */
function worthAsking(hops: readonly number[], { columns }: MatrixFacts): readonly number[] {
  const last = hops.at(-1);
  return columns.length <= FEW_COLUMNS || last === undefined
    ? hops
    : [...new Set([...hops.slice(0, 1), last])];
}

/** For each hop that is asked again at once, a column that it has answered. Sent last, it shows that none came too soon. */
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
