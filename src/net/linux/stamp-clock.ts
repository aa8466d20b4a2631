/** Converts the kernel's receive stamps to the scale of the process's monotonic clock. */
import { CLOCK_REALTIME } from './constants.ts';
import type { Libc } from './libc.ts';
import { nowMs } from '../monotonic-clock.ts';

const NS_PER_MS = 1e6;
const MS_PER_S = 1e3;
/** A pair of readings that took longer than this was interrupted in between. */
const INTERRUPTED_MS = 0.02;
const TRIES = 3;
/** The two clocks run alike, for both are slewed. When they drift apart by more, somebody has set one. */
const STEP_MS = 1;

/** A kernel stamp: seconds and nanoseconds of CLOCK_REALTIME, as SO_TIMESTAMPNS gives it. */
export interface KernelStamp {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/**
 * Holds one reading of both clocks. Stamps are subtracted from it in integers of seconds and nanoseconds: milliseconds
 * since 1970 in one float are exact to 240 ns only.
 */
export class StampClock {
  readonly #libc: Libc;
  readonly #clockGettime;
  readonly #time;
  #seconds = 0;
  #nanoseconds = 0;
  #nowMs = 0;
  /** What CLOCK_REALTIME was ahead of the own scale at the last reading, in milliseconds; undefined before the first. */
  #aheadMs: number | undefined;
  /** How far apart the two clocks may have been read then. */
  #spanMs = 0;
  /** When CLOCK_REALTIME was last found to have been set, on the scale of `nowMs()`. */
  #steppedMs = -Infinity;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#clockGettime = libc.call('clock_gettime');
    this.#time = libc.allocate(libc.layout.time.size);
  }

  /** Reads both clocks. Whatever has arrived by now has an earlier stamp. */
  read(): void {
    let spanMs = 0;
    for (let tries = 0; tries < TRIES; tries++) {
      const beforeMs = nowMs();
      this.#clockGettime(CLOCK_REALTIME, this.#time.octets);
      const afterMs = nowMs();
      this.#nowMs = (beforeMs + afterMs) / 2;
      spanMs = afterMs - beforeMs;
      if (spanMs < INTERRUPTED_MS) break;
    }
    ({ seconds: this.#seconds, nanoseconds: this.#nanoseconds } = this.stampIn(this.#time.view));
    this.#noteStep(spanMs);
  }

  /** @param spanMs - how far apart the two clocks may have been read */
  #noteStep(spanMs: number): void {
    const aheadMs = this.#seconds * MS_PER_S + this.#nanoseconds / NS_PER_MS - this.#nowMs;
    const jumpMs = Math.abs(aheadMs - (this.#aheadMs ?? aheadMs));
    if (jumpMs > STEP_MS + spanMs + this.#spanMs) this.#steppedMs = this.#nowMs;
    this.#aheadMs = aheadMs;
    this.#spanMs = spanMs;
  }

  /** The stamp in the struct timespec at offset `at`. */
  stampIn(memory: DataView, at = 0): KernelStamp {
    const { seconds, nanoseconds } = this.#libc.layout.time;
    const low = memory.getUint32(at + seconds, true);
    const high = memory.getInt32(at + seconds + 4, true);
    return { seconds: high * 2 ** 32 + low, nanoseconds: memory.getUint32(at + nanoseconds, true) };
  }

  /**
   * The time of a stamp, on the scale of `nowMs()`; undefined where it cannot be right: it lies beyond the last reading, as what a
   * kernel substitutes that does not stamp yet, or before somebody was found to have set the clock.
   */
  timeOf(stamp: KernelStamp): number | undefined {
    const ageMs = this.ageMs(stamp);
    const atMs = this.#nowMs - ageMs;
    return ageMs > 0 && atMs > this.#steppedMs ? atMs : undefined;
  }

  /** Milliseconds from the stamp to the last reading. */
  ageMs({ seconds, nanoseconds }: KernelStamp): number {
    return (this.#seconds - seconds) * MS_PER_S + (this.#nanoseconds - nanoseconds) / NS_PER_MS;
  }
}
