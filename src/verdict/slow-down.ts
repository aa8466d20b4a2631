/** Plans how columns are asked that a policer may hold up: one probe a second of its kind. */
import { hopsBeyond, isDecided, type ColumnFacts, type MatrixFacts } from './facts.ts';
import { kindOf, policersOf, type Policer, type PolicedKind } from './policer.ts';

/** Where to ask a column next, and how. */
export interface SlowQuestion {
  readonly ttl: number;
  /** The kind of which nothing else goes in the same round; absent while nothing of it has got past the place. */
  readonly alone?: PolicedKind;
  /** The misses at this pace which show that it does not help. */
  readonly needed: number;
}

/** Five, as at hops that answer only some probes. */
const ALONE_MISSES_NEEDED = 5;
/** Where all of a kind was lost, one probe of each column after a pause: a policer would let the first pass. */
const QUIET_MISSES_NEEDED = 1;

/** What a run knows of policers on its way. */
export class SlowDown {
  #policers: Map<PolicedKind, Policer> | undefined;
  readonly #heldUp = new Map<string, Policer>();

  /** Looks for policers once, in what the first pass has shown: only that came in a burst. */
  look(facts: MatrixFacts): void {
    this.#policers ??= new Map(policersOf(facts));
  }

  /** The question for a column that a policer may hold up; undefined where none may. */
  question(column: ColumnFacts, facts: MatrixFacts): SlowQuestion | undefined {
    const kind = kindOf(column);
    const policer = this.#policers?.get(kind);
    const ttl = facts.targetHop ?? hopsBeyond(column, facts)[0];
    if (!policer || ttl === undefined || isDecided(column)) return undefined;
    if (!policer.passes) return { ttl, needed: QUIET_MISSES_NEEDED };
    return { ttl, needed: ALONE_MISSES_NEEDED, alone: kind };
  }

  /** Notes that a slow question about a column was answered at this hop: the pace helps, where the burst did not get there. */
  answered(column: ColumnFacts, ttl: number): void {
    const kind = kindOf(column);
    const policer = this.#policers?.get(kind);
    if (!policer || ttl < policer.before || ttl <= column.lastTransit) return;
    this.#heldUp.set(column.column.name, policer);
    this.#policers?.set(kind, { ...policer, passes: true });
  }

  /**
   * The policer that has held a column up; undefined where none has. A column that gets no further than some router may
   * meet a filter there, whatever else holds it up.
   */
  heldUpBy(column: ColumnFacts, { targetHop = Infinity }: MatrixFacts): Policer | undefined {
    const gets = isDecided(column) || column.lastTransit >= targetHop - 1;
    return gets ? this.#heldUp.get(column.column.name) : undefined;
  }
}
