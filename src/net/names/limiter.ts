/** Runs tasks, at most so many at once; the rest wait in the order they came. */
export class Limiter {
  #free: number;
  readonly #queue: (() => void)[] = [];

  /** @param most - tasks at once, 1 or more */
  constructor(most: number) {
    this.#free = most;
  }

  /** What `task` answers, once it had its turn. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await task();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#free++;
    }
  }

  async #turn(): Promise<void> {
    if (this.#free === 0) return new Promise((resolve) => this.#queue.push(resolve));
    this.#free--;
  }
}
