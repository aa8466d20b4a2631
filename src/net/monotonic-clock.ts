import type { Clock } from '../ports/clock.ts';

const NS_PER_MS = 1e6;

/** Milliseconds since an arbitrary moment, never fewer than before. performance.now() takes 1 ms for its first use. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / NS_PER_MS;
}

/** The longest delay that a timer takes: 2^31 - 1 ms. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** The process's monotonic clock. It calls back at the given time or later, never before. */
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
    // a timer counts whole milliseconds from the start of the loop's turn, so it may fire a little early
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
