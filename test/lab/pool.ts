/** Labs, or chains of routers, side by side: most of their time is waiting. */

/** So many of them, each used by one test at a time. */
export class Pool<T extends { close(): void }> {
  readonly #make: () => T | Promise<T>;
  readonly #free: T[] = [];
  readonly #all: T[] = [];

  constructor(make: () => T | Promise<T>) {
    this.#make = make;
  }

  /** Makes so many. @throws Error when labMissing says why, or the system refuses */
  async open(count: number): Promise<void> {
    for (let opened = 0; opened < count; opened++) this.#all.push(await this.#make());
    this.#free.push(...this.#all);
  }

  /**
   * Lends one to `use` until that settles.
   * @throws Error when all are in use
   */
  async with<R>(use: (one: T) => Promise<R>): Promise<R> {
    const one = this.#free.pop();
    if (!one) throw new Error('there are more users than labs');
    try {
      return await use(one);
    } finally {
      this.#free.push(one);
    }
  }

  /** Removes everything. */
  close(): void {
    for (const one of this.#all.splice(0)) one.close();
    this.#free.length = 0;
  }
}
