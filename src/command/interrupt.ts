/** The user's interrupt as a stop signal. By hand, since the first AbortController of a process takes 0.8 ms. */
import type { StopSignal } from '../measure/context.ts';

/** A stop signal that the user gives. */
export class Interrupt implements StopSignal {
  #aborted = false;
  readonly #listeners = new Set<() => void>();

  get aborted(): boolean {
    return this.#aborted;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Tells all listeners, once. */
  readonly abort = (): void => {
    if (this.#aborted) return;
    this.#aborted = true;
    for (const listener of [...this.#listeners]) listener();
  };
}
