/** Keeps the round-trip times of a trace, which show how fast and how steady its path is. */
import type { PathPace } from './wait.ts';

interface HopTimes {
  fastestMs: number;
  slowestMs: number;
}

/** The round-trip times of one trace so far. Hops count from 0, times are milliseconds. */
export class PathTimes {
  /** The times of each hop that has replied. */
  readonly #hops: (HopTimes | undefined)[] = [];
  #largestMs = 0;
  #jitterMs: number | undefined;

  /** The largest RTT of the trace; 0 when nothing has replied. */
  get largestMs(): number {
    return this.#largestMs;
  }

  /** The hop after the furthest one that has replied; 0 when none has. */
  get nextHop(): number {
    return this.#hops.length;
  }

  /** Takes a reply of a hop into account. */
  add(hop: number, rttMs: number): void {
    this.#largestMs = Math.max(this.#largestMs, rttMs);
    const times = this.#hops[hop];
    if (!times) {
      this.#hops[hop] = { fastestMs: rttMs, slowestMs: rttMs };
      return;
    }
    times.fastestMs = Math.min(times.fastestMs, rttMs);
    times.slowestMs = Math.max(times.slowestMs, rttMs);
    this.#jitterMs = Math.max(this.#jitterMs ?? 0, times.slowestMs - times.fastestMs);
  }

  /** The largest RTT of a hop; undefined when it has not replied. */
  slowestMs(hop: number): number | undefined {
    return this.#hops[hop]?.slowestMs;
  }

  /**
   * Describes the path around a hop.
   * @param laterMs - the largest RTT of the nearest later hop that has replied
   */
  around(hop: number, laterMs?: number): PathPace {
    return {
      hereMs: this.slowestMs(hop),
      earlierMs: this.#earlierMs(hop, laterMs),
      laterMs,
      jitterMs: this.#jitterMs,
      largestMs: this.#largestMs,
    };
  }

  /** The least RTT of the nearest earlier hop that has replied within `mostMs`; 0 when none has. */
  #earlierMs(hop: number, mostMs = Infinity): number {
    for (let before = hop - 1; before >= 0; before--) {
      const times = this.#hops[before];
      if (times && times.fastestMs <= mostMs) return times.fastestMs;
    }
    return 0;
  }
}
