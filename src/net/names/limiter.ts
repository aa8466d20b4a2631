/** Runs a limited number of tasks at once. The others wait in the order in which they came. */
export class Limiter {
  #free: number;
  readonly #queue: (() => void)[] = [];

  /** @param most - the limit, 1 or more */
  constructor(most: number) {
    this.#free = most;
  }

  /** Runs `task` when its turn comes. Returns or throws what it does. */
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
