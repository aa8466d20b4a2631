import type { Clock } from '../engine/ports.ts';

/** Longest delay that a timer takes: 2^31 - 1 ms. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** The process's monotonic clock. */
export const monotonicClock: Clock = {
  nowMs: () => performance.now(),
  schedule(atMs, callback) {
    if (atMs <= performance.now()) {
      const immediate = setImmediate(callback);
      return () => {
        clearImmediate(immediate);
      };
    }
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const delayMs = Math.ceil(Math.max(0, atMs - performance.now()));
      timer = setTimeout(fire, Math.min(delayMs, LONGEST_TIMER_MS));
    };
    // timers count whole milliseconds from the start of the loop's turn, and so may fire a little early
    const fire = (): void => {
      if (performance.now() < atMs) arm();
      else callback();
    };
    arm();
    return () => {
      clearTimeout(timer);
    };
  },
};
