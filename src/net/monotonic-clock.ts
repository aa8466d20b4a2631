import type { Clock } from '../engine/ports.ts';

/** Longest delay that a timer takes: 2^31 - 1 ms. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** The process's monotonic clock. */
export const monotonicClock: Clock = {
  nowMs: () => performance.now(),
  schedule(atMs, callback) {
    // rounded up: a timer that fires early would find nothing due and spin
    const delayMs = Math.ceil(Math.max(0, atMs - performance.now()));
    const timer = setTimeout(callback, Math.min(delayMs, LONGEST_TIMER_MS));
    return () => {
      clearTimeout(timer);
    };
  },
};
