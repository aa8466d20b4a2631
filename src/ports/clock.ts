/** Cancels a callback; without effect once the callback ran. */
export type Cancel = () => void;

/** A monotonic clock in milliseconds, with fractions. Its origin is its own. */
export interface Clock {
  /** The present time. */
  nowMs(): number;
  /** Calls back once, at `atMs` or soon after, never before `schedule` has returned. */
  schedule(atMs: number, callback: () => void): Cancel;
}
