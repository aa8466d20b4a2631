/** Draws out of a seed. */
import type { Random } from '../../sim/random.ts';

/** What a network is drawn with. */
export class Draw {
  readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  /** True in this share of all draws, 0 to 1. */
  chance(share: number): boolean {
    return this.random() < share;
  }

  /**
   * One of a list.
   * @throws Error when the list is empty
   */
  one<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.random() * items.length)];
    if (item === undefined) throw new Error('nothing to draw from');
    return item;
  }

  /** So many of a list, in a drawn order; fewer where the list is shorter. */
  some<Item>(items: readonly Item[], count: number): Item[] {
    const left = [...items];
    return Array.from(
      { length: Math.min(count, left.length) },
      () => left.splice(Math.floor(this.random() * left.length), 1)[0],
    ).filter((item) => item !== undefined);
  }
}
