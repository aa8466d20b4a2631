/** Queues the traces that may have something to do now, so that they take turns. */
import type { Trace } from './trace.ts';

/** A queue of traces, served in rounds. Each trace is in it once at most. */
export class ReadyQueue {
  /** This round; the traces before `#next` have had their turn. */
  #round: Trace[] = [];
  #next = 0;
  /** The next round. */
  #coming: Trace[] = [];

  /** The number of traces at most: some of them may be over. */
  get size(): number {
    return this.#round.length - this.#next + this.#coming.length;
  }

  /** Puts a trace behind all others, unless it is queued already or over. */
  add(trace: Trace): void {
    if (trace.turn !== 'waiting') return;
    trace.turn = 'ready';
    this.#coming.push(trace);
  }

  /** Takes the first trace out; undefined when there is none. */
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
