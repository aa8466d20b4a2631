/** A clock whose time passes only from event to event. */
import { setImmediate } from 'node:timers/promises';
import type { Cancel, Clock } from '../../src/ports/clock.ts';

interface Event {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Real time that is given to what no clock can see, such as `import()`, before a run counts as stuck. */
const STUCK_AFTER_MS = 10_000;

/** Starts at 0 ms. Events of the same time run in the order in which they were scheduled. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  /** In order of time. */
  readonly #events: Event[] = [];
  readonly #stuckAfterMs: number;

  /** @param stuckAfterMs - real milliseconds that `run` waits with no event left before it rejects */
  constructor({ stuckAfterMs = STUCK_AFTER_MS } = {}) {
    this.#stuckAfterMs = stuckAfterMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(atMs: number, callback: () => void): Cancel {
    const event = { atMs, callback };
    const later = this.#events.findIndex((other) => other.atMs > atMs);
    this.#events.splice(later < 0 ? this.#events.length : later, 0, event);
    return () => {
      const index = this.#events.indexOf(event);
      if (index >= 0) this.#events.splice(index, 1);
    };
  }

  /**
   * Runs events until `promise` settles, and settles like it. Between two events all microtasks and
   * `setImmediate` callbacks run; module loading and other real input is not waited for while events are left.
   * @throws Error when the promise is pending with no event left
   */
  async run<T>(promise: Promise<T>): Promise<T> {
    const settled = { yet: false };
    const settle = () => {
      settled.yet = true;
    };
    promise.then(settle, settle);
    await drain();
    while (!settled.yet) {
      const event = this.#events.shift() ?? (await this.#nextEvent(settled));
      if (!event) break;
      this.#nowMs = Math.max(this.#nowMs, event.atMs);
      event.callback();
      await drain();
    }
    return promise;
  }

  /** The next event that comes from outside of the clock, or undefined once the promise has settled. */
  async #nextEvent(settled: { readonly yet: boolean }): Promise<Event | undefined> {
    const sinceMs = performance.now();
    while (!settled.yet && this.#events.length === 0) {
      if (performance.now() - sinceMs >= this.#stuckAfterMs) {
        throw new Error(`nothing is left to happen at ${this.#nowMs} ms, and the promise is still pending`);
      }
      await setImmediate();
    }
    return this.#events.shift();
  }
}

/** Lets everything run that needs no time to pass. */
async function drain(): Promise<void> {
  do await setImmediate();
  while (process.getActiveResourcesInfo().includes('Immediate'));
}
