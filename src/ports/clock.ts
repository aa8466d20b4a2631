/** Stops what was scheduled; of no effect once it ran. */
export type Cancel = () => void;

/** A monotonic clock, in milliseconds with fractions, from an origin of its own. */
export interface Clock {
  nowMs(): number;
  /** Calls back once, at or soon after `atMs`, never before `schedule` has returned. */
  schedule(atMs: number, callback: () => void): Cancel;
}
