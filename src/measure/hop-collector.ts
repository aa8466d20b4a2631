/** Joins the outcomes of a trace, which come in the order of TTL and attempt, to hops. */
import type { Outcome } from '../model/outcome.ts';

/** A hop and what became of its probes. */
export interface Hop {
  readonly ttl: number;
  readonly outcomes: readonly Outcome[];
}

/** Takes outcomes, gives hops. */
export class HopCollector {
  readonly #attempts: number;
  #outcomes: Outcome[] = [];

  /** @param attempts - probes of each hop */
  constructor(attempts: number) {
    this.#attempts = attempts;
  }

  /** Takes an outcome; answers the hop that it completes. */
  add(outcome: Outcome): Hop | undefined {
    this.#outcomes.push(outcome);
    return this.#outcomes.length === this.#attempts ? this.rest() : undefined;
  }

  /** What there is of a hop that has begun, and begins anew; undefined where none has. */
  rest(): Hop | undefined {
    const [first] = this.#outcomes;
    if (!first) return undefined;
    const hop = { ttl: first.probe.ttl, outcomes: this.#outcomes };
    this.#outcomes = [];
    return hop;
  }
}
