/** Token buckets: so many at once, and then so many a second. */
import type { Bucket } from '../path-format.ts';

/** The content of a bucket when it was last asked. */
interface Level {
  readonly tokens: number;
  readonly atMs: number;
}

/** The levels of all buckets of a path, each known by the object that has it. A bucket is full at first. */
export class TokenBuckets {
  readonly #levels = new Map<object, Level>();
  readonly #nowMs: () => number;

  /** @param nowMs - the time by which buckets fill, in milliseconds */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Takes one token of the owner's bucket, if there is one; says whether there was. */
  take(owner: object, [perSecond, burst]: Bucket): boolean {
    const atMs = this.#nowMs();
    const level = this.#levels.get(owner) ?? { tokens: burst, atMs };
    const filled = Math.min(burst, level.tokens + ((atMs - level.atMs) / 1000) * perSecond);
    const hasOne = filled >= 1;
    this.#levels.set(owner, { tokens: hasOne ? filled - 1 : filled, atMs });
    return hasOne;
  }
}
