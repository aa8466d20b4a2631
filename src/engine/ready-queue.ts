/** The traces that may have something to do now, each of them once, served round and round. */
import type { Trace } from './trace.ts';

export class ReadyQueue {
  /** Those of this round, from `#next` on. */
  #round: Trace[] = [];
  #next = 0;
  /** Those of the round after it. */
  #coming: Trace[] = [];

  /** How many there are at most: some may be over. */
  get size(): number {
    return this.#round.length - this.#next + this.#coming.length;
  }

  /** Puts a trace behind all others, unless it is among them. */
  add(trace: Trace): void {
    if (trace.turn !== 'waiting') return;
    trace.turn = 'ready';
    this.#coming.push(trace);
  }

  /** Takes the first one out; undefined when there is none. */
  take(): Trace | undefined {
    for (;;) {
      if (this.#next === this.#round.length) this.#beginRound();
      const trace = this.#round[this.#next];
      if (!trace) return undefined;
      this.#next++;
      if (trace.turn !== 'ready') continue;
      trace.turn = 'waiting';
      return trace;
    }
  }

  #beginRound(): void {
    const finished = this.#round;
    finished.length = 0;
    this.#round = this.#coming;
    this.#coming = finished;
    this.#next = 0;
  }
}
