import type { SimWorld } from '../sim/sim-world.ts';
import { NamesOnly } from './names-only.ts';

/** A resolver whose names come late, by the same time each. Closing it gives up those that are still to come. */
export class SlowResolver extends NamesOnly {
  closed = false;
  readonly #delayMs: number;
  readonly #pending = new Set<(name: string | undefined) => void>();
  #world: SimWorld | undefined;

  constructor(delayMs: number) {
    super();
    this.#delayMs = delayMs;
  }

  readonly prepare = (world: SimWorld): void => {
    this.#world = world;
  };

  nameOf(address: string): Promise<string | undefined> {
    const clock = this.#world?.clock;
    return new Promise((resolve) => {
      this.#pending.add(resolve);
      if (this.#delayMs < Infinity && clock) {
        clock.schedule(clock.nowMs() + this.#delayMs, () => {
          resolve(`name-of-${address}`);
        });
      }
    });
  }

  close(): void {
    this.closed = true;
    for (const resolve of this.#pending) resolve(undefined);
  }
}
