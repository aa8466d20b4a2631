import type { Clock } from '../ports/clock.ts';

const NS_PER_MS = 1e6;

/** Milliseconds from an origin of their own, as performance.now() counts them, whose first use takes 1 ms. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / NS_PER_MS;
}

/** Longest delay that a timer takes: 2^31 - 1 ms. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** The process's monotonic clock. */
export const monotonicClock: Clock = {
  nowMs,
  schedule(atMs, callback) {
    if (atMs <= nowMs()) {
      const immediate = setImmediate(callback);
      return () => {
        clearImmediate(immediate);
      };
    }
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const delayMs = Math.ceil(Math.max(0, atMs - nowMs()));
      timer = setTimeout(fire, Math.min(delayMs, LONGEST_TIMER_MS));
    };
    // timers count whole milliseconds from the start of the loop's turn, and so may fire a little early
    const fire = (): void => {
      if (nowMs() < atMs) arm();
      else callback();
    };
    arm();
    return () => {
      clearTimeout(timer);
    };
  },
};
