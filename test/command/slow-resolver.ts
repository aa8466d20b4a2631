import type { Resolver } from '../../src/engine/ports.ts';
import type { SimWorld } from '../sim/sim-world.ts';

/** Every name comes this much later; those that are still to come are given up on close. */
export class SlowResolver implements Resolver {
  closed = false;
  readonly #delayMs: number;
  readonly #pending = new Set<(name: string | undefined) => void>();
  #world: SimWorld | undefined;

  constructor(delayMs: number) {
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

  resolve(): Promise<never> {
    return Promise.reject(new Error('not asked'));
  }

  originOf(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  localDomain(): Promise<string> {
    return Promise.resolve('');
  }

  close(): void {
    this.closed = true;
    for (const resolve of this.#pending) resolve(undefined);
  }
}
