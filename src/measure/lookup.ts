/** Who a responder is, as it becomes known. */
import type { Label } from '../model/label.ts';
import type { Clock } from '../ports/clock.ts';

/** Takes what has become known. */
export type Learn = (more: Label) => void;

export class Lookup {
  /** Resolves when all is known that can be. */
  readonly done: Promise<Label>;
  readonly #clock: Clock;
  readonly #askedAtMs: number;
  #soFar: Label;
  #isDone = false;

  /**
   * @param label - what is known without asking
   * @param ask - asks, and resolves in the end; undefined where nothing is asked
   */
  constructor(clock: Clock, label: Label, ask: ((learn: Learn) => Promise<unknown>) | undefined) {
    this.#clock = clock;
    this.#askedAtMs = clock.nowMs();
    this.#soFar = label;
    if (!ask) {
      this.#isDone = true;
      this.done = Promise.resolve(label);
      return;
    }
    this.done = ask((more) => {
      this.#soFar = { ...this.#soFar, ...more };
    }).then(() => {
      this.#isDone = true;
      return this.#soFar;
    });
  }

  /** All that can be known, once it is. */
  get known(): Label | undefined {
    return this.#isDone ? this.#soFar : undefined;
  }

  /** What is known so long after the question, in milliseconds, or now where that is later. */
  async within(patienceMs: number): Promise<Label> {
    if (!this.#isDone) await this.#doneOrAt(this.#askedAtMs + patienceMs);
    return this.#soFar;
  }

  async #doneOrAt(atMs: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#clock.schedule(atMs, resolve);
      this.done.then(() => {
        cancel();
        resolve();
      }, reject);
    });
  }
}
