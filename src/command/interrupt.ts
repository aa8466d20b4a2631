/** The user's signal as a stop signal. By hand, since the first AbortController of a process takes 0.8 ms. */
import type { StopSignal } from '../measure/context.ts';
import type { EndSignal } from '../ports/world.ts';

/** A stop signal that the user gives. */
export class Interrupt implements StopSignal {
  #signal: EndSignal | undefined;
  readonly #listeners = new Set<() => void>();

  get aborted(): boolean {
    return this.#signal !== undefined;
  }

  /** The signal that came; undefined as long as none has. */
  get signal(): EndSignal | undefined {
    return this.#signal;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Tells all listeners, once. */
  readonly abort = (signal: EndSignal): void => {
    if (this.#signal !== undefined) return;
    this.#signal = signal;
    for (const listener of [...this.#listeners]) listener();
  };
}
