/** Bounds what is told about packets that are no replies: others decide how many of them arrive. */
import type { Plan } from '../model/plan.ts';

/** Octets of packets that are told at once: more lines than fit any screen. */
const MOST_AT_ONCE = 16 << 10;
/** Octets a millisecond that are told in the long run: some 60 small packets a second. */
const PER_MS = 4;
/** Octets that the least packet counts for, since its line has a head too. */
const LEAST_COUNTED = 64;

/** True where the plan asks to be told of what is no reply. */
export function showsForeign({ display }: Pick<Plan, 'display'>): boolean {
  return display.verbosity > 0 || display.debug;
}

/** A bucket of octets, which fills up with time. */
export class FloodLimit {
  /** The packets that were not told. */
  leftOut = 0;
  #room = MOST_AT_ONCE;
  #atMs = -Infinity;

  /** True when a packet of so many octets may be told now. */
  admits(octets: number, nowMs: number): boolean {
    this.#room = Math.min(MOST_AT_ONCE, this.#room + (nowMs - this.#atMs) * PER_MS);
    this.#atMs = nowMs;
    if (this.#room <= 0) {
      this.leftOut++;
      return false;
    }
    this.#room -= Math.max(LEAST_COUNTED, octets);
    return true;
  }
}
