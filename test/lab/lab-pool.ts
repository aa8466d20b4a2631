/** Labs side by side: most of the time of a lab is waiting. */
import { openLab, type Lab } from './lab.ts';

/** So many labs, each used by one test at a time. */
export class LabPool {
  readonly #free: Lab[] = [];
  readonly #all: Lab[] = [];

  /** Opens so many labs. @throws Error when labMissing says why, or the system refuses */
  async open(count: number): Promise<void> {
    for (let opened = 0; opened < count; opened++) this.#all.push(await openLab());
    this.#free.push(...this.#all);
  }

  /**
   * Lends a lab to `use` until that settles.
   * @throws Error when all are in use
   */
  async with<T>(use: (lab: Lab) => Promise<T>): Promise<T> {
    const lab = this.#free.pop();
    if (!lab) throw new Error('there are more users than labs');
    try {
      return await use(lab);
    } finally {
      this.#free.push(lab);
    }
  }

  /** Removes everything. */
  close(): void {
    for (const lab of this.#all.splice(0)) lab.close();
    this.#free.length = 0;
  }
}
