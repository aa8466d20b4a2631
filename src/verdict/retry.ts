/** Chooses the probes of a matrix to send again before a missing answer counts. */
import { askedOnce, FEW_COLUMNS, nearerTarget } from './asked-once.ts';
import { isDecided, readMatrix, seenAt, type ColumnFacts, type MatrixFacts } from './facts.ts';
import { cautionFor, type Caution, type Guard } from './guard.ts';
import type { Matrix, MatrixColumn } from './matrix.ts';
import { answerRate, isPartial, missesAt, missesNeeded } from './misses.ts';
import type { PolicedKind, Policer } from './policer.ts';
import { SlowDown, type SlowQuestion } from './slow-down.ts';
import { passersBy, testimonyAgainst, type Testimony } from './testimony.ts';

/** A cell to send more probes for. */
export interface Retry {
  readonly column: MatrixColumn['name'];
  readonly ttl: number;
  readonly attempts: number;
  /** The hop answers only some attempts. */
  readonly isSlow: boolean;
  /** The cell that is asked last: silence before its answer alone tells anything. Absent where all silence does. */
  readonly guard?: Guard;
  /** Nothing but the target can answer, which may take longer than routers do. */
  readonly isPatient?: boolean;
  /** What goes alone of its kind in a round: a policer lets one pass and no more. Absent where it may go with others. */
  readonly alone?: PolicedKind;
}

/** The probes of one round. */
export interface RetryRound {
  readonly retries: readonly Retry[];
  /** Wait a while before it is sent: a hop answers only some attempts. */
  readonly isSlow: boolean;
}

/** Enough rounds for routers that limit their rate. On a path that loses too much, the search ends with them. */
const MAX_ROUNDS = 16;
/** Of those with guards: where a router says one refusal a second, each decides one column. */
const MAX_GUARDED_ROUNDS = 32;
/** So many columns at most ask for one refusal: it can answer one of them. */
const MOST_FOR_ONE = 8;

/** Attempts of one cell in a round. More would prove little, since losses come together. */
const ATTEMPTS_A_ROUND = 2;

/**
 * Plans the rounds. Where a hop answers all other columns, its missing cells are sent again at once, with one cell that
 * was answered: that shows whether the hop still answers. Where a hop answers only some attempts, each round has one probe
 * a cell. If the hop then answers one cell, the round tells nothing of the others, for they may have come too soon after it.
 * Where a rate limit may have kept a refusal from us, each round also asks for something that it lets pass, last: its guard.
 * Where a policer may drop what comes in bursts, each round has one probe of that kind, to the target if its hop is known.
 */
export class RetryPlan {
  #round = 0;
  #guardedRound = 0;
  /** By column and TTL, the misses that count at hops which answer only some attempts. */
  readonly #slowMisses = new Map<string, number>();
  readonly #slowDown = new SlowDown();
  #facts: MatrixFacts | undefined;

  /** The next round; empty when nothing is left to find out, or the rounds are used up. */
  next(matrix: Matrix): RetryRound {
    const facts = readMatrix(matrix);
    this.#facts = facts;
    this.#slowDown.look(facts);
    const all = distinct(facts.columns.flatMap((column) => this.#retriesOf(column, facts)));
    const guarded = this.#guardedRound < MAX_GUARDED_ROUNDS ? all.filter(takesTurns) : [];
    const others = this.#round < MAX_ROUNDS ? all.filter((retry) => !takesTurns(retry)) : [];
    if (guarded.length > 0) this.#guardedRound++;
    if (others.length > 0) this.#round++;
    // each round begins with another cell, so that a rate limit does not always hit the same
    const turn = this.#round + this.#guardedRound;
    const wanted = [...inTurn(others, turn), ...fewForOne(oneOfEach(inTurn(guarded, turn)))];
    const isSlow = wanted.some(({ isSlow: slow }) => slow);
    return { retries: [...wanted, ...controlsOf(others, facts), ...guardsOf(wanted)], isSlow };
  }

  /** What is asked besides in the first round. @param maxTtl - of the run */
  askedOnce(maxTtl: number): readonly Retry[] {
    return this.#facts ? askedOnce(this.#facts, maxTtl) : [];
  }

  /** What is asked when nothing else is left to find out. */
  askedLast(): readonly Retry[] {
    return this.#facts ? nearerTarget(this.#facts) : [];
  }

  /** Takes note of a round that is over. `isAnswered` tells whether a retry got an answer in it. */
  done(round: readonly Retry[], isAnswered: (retry: Retry) => boolean): void {
    const asked = round.filter((retry) => !isGuard(retry, round));
    const spent = new Set(asked.filter(isAnswered).map(({ ttl }) => ttl));
    for (const retry of asked) {
      const column = this.#facts?.columns.find(({ column: { name } }) => name === retry.column);
      if (column && retry.isSlow && isAnswered(retry)) this.#slowDown.answered(column, retry.ttl);
      if (spent.has(retry.ttl) || !isGuarded(retry, round, isAnswered)) continue;
      const key = keyOf(retry.column, retry.ttl);
      this.#slowMisses.set(key, (this.#slowMisses.get(key) ?? 0) + retry.attempts);
    }
  }

  /** True where there is more to ask for a column. */
  wants(column: ColumnFacts, facts: MatrixFacts): boolean {
    return this.#retriesOf(column, facts).length > 0;
  }

  /** The policer that has held up a column: it came in too late for the first burst. Undefined where none has. */
  heldUpBy(column: ColumnFacts, facts: MatrixFacts): Policer | undefined {
    return this.#slowDown.heldUpBy(column, facts);
  }

  /** The column whose refusal this one may share, as far as silence has not ruled that out; undefined where none is. */
  likelyRefusedAs(column: ColumnFacts, facts: MatrixFacts): MatrixColumn | undefined {
    const caution = cautionFor(column, facts);
    return caution?.like && this.#isOpen(column, caution) ? caution.like : undefined;
  }

  #retriesOf(column: ColumnFacts, facts: MatrixFacts): Retry[] {
    if (isDecided(column)) return [];
    const caution = cautionFor(column, facts);
    const question = caution?.like ? undefined : this.#slowDown.question(column, facts);
    const slow = question ? this.#slowRetry(column, question) : [];
    if (slow.length > 0) return slow;
    return caution && (!caution.like || this.#isOpen(column, caution))
      ? caution.ttls.flatMap((ttl) => this.#cautiousRetry(column, facts, ttl, caution))
      : this.#quickRetries(column, facts);
  }

  /** Asks at all hops that speak against the column, as often as they answer. */
  #quickRetries(column: ColumnFacts, facts: MatrixFacts): Retry[] {
    return worthAsking(testimonyAgainst(column, facts), facts).flatMap(({ ttl, isOfOneKind }) => {
      // those that have passed the hop show whether it answers such probes at all
      const passers = isOfOneKind ? [] : passersBy(column, ttl, facts);
      return [column, ...passers].flatMap((asked) => this.#quickRetry(asked, ttl, facts) ?? []);
    });
  }

  #quickRetry(column: ColumnFacts, ttl: number, facts: MatrixFacts): Retry | undefined {
    const { name } = column.column;
    const isSlow = isPartial(answerRate(facts, ttl, column));
    const misses = isSlow ? this.#slowMissesOf(column, ttl) : missesAt(column, ttl);
    const missing = missesNeeded(facts, ttl, column) - misses;
    const attempts = Math.min(missing, isSlow ? 1 : ATTEMPTS_A_ROUND);
    return attempts > 0 ? { column: name, ttl, attempts, isSlow } : undefined;
  }

  #slowRetry(column: ColumnFacts, { ttl, alone, needed }: SlowQuestion): Retry[] {
    if (this.#slowMissesOf(column, ttl) >= needed) return [];
    const retry = { column: column.column.name, ttl, attempts: 1, isSlow: true };
    return [alone === undefined ? retry : { ...retry, alone }];
  }

  #cautiousRetry(column: ColumnFacts, facts: MatrixFacts, ttl: number, { guard, needed }: Caution): Retry[] {
    const enough = needed ?? missesNeeded(facts, ttl, column);
    if (this.#slowMissesOf(column, ttl) >= enough) return [];
    return [{ column: column.column.name, ttl, attempts: 1, isSlow: true, guard }];
  }

  #isOpen(column: ColumnFacts, { ttls, needed = Infinity }: Caution): boolean {
    return ttls.some((ttl) => this.#slowMissesOf(column, ttl) < needed);
  }

  #slowMissesOf({ column }: ColumnFacts, ttl: number): number {
    return this.#slowMisses.get(keyOf(column.name, ttl)) ?? 0;
  }
}

/** True for what takes its turn with others, round after round. */
function takesTurns({ guard, alone }: Retry): boolean {
  return guard !== undefined || alone !== undefined;
}

/** The first of each kind that goes alone, and all others. */
function oneOfEach(retries: readonly Retry[]): readonly Retry[] {
  const kinds = new Set<PolicedKind>();
  return retries.filter(({ alone }) => {
    if (alone === undefined) return true;
    const isFirst = !kinds.has(alone);
    kinds.add(alone);
    return isFirst;
  });
}

function inTurn(retries: readonly Retry[], turn: number): readonly Retry[] {
  const first = turn % Math.max(1, retries.length);
  return [...retries.slice(first), ...retries.slice(0, first)];
}

/** Leaves out what asks for the one refusal that a round may bring after many others do. */
function fewForOne(retries: readonly Retry[]): readonly Retry[] {
  const asked = new Map<string, number>();
  return retries.filter(({ column, guard }) => {
    if (!guard || guard.column === column) return true;
    const key = keyOf(guard.column, guard.ttl);
    asked.set(key, (asked.get(key) ?? 0) + 1);
    return (asked.get(key) ?? 0) <= MOST_FOR_ONE;
  });
}

/** Of many columns each is asked again where it was lost and at the end alone: the hops between would only take time. */
function worthAsking(hops: readonly Testimony[], { columns }: MatrixFacts): readonly Testimony[] {
  if (columns.length <= FEW_COLUMNS) return hops;
  return [...new Set([...hops.slice(0, 1), ...hops.slice(-1)])];
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

/** Each cell once. */
function distinct(retries: readonly Retry[]): Retry[] {
  return [...new Map(retries.map((retry) => [keyOf(retry.column, retry.ttl), retry])).values()];
}

/** One probe for each guard. */
function guardsOf(wanted: readonly Retry[]): Retry[] {
  const guards = new Map<string, Retry>();
  for (const { guard } of wanted) {
    if (guard) guards.set(keyOf(guard.column, guard.ttl), { ...guard, attempts: 1, isSlow: true });
  }
  return [...guards.values()];
}

function isGuard(retry: Retry, round: readonly Retry[]): boolean {
  return round.some(({ guard }) => guard?.column === retry.column && guard.ttl === retry.ttl);
}

/** True where the guard of a retry was answered, or where it has none. */
function isGuarded(
  { guard }: Retry,
  round: readonly Retry[],
  isAnswered: (retry: Retry) => boolean,
): boolean {
  if (!guard) return true;
  return round.some((retry) => guard.column === retry.column && guard.ttl === retry.ttl && isAnswered(retry));
}

function keyOf(column: string, ttl: number): string {
  return `${ttl} ${column}`;
}
