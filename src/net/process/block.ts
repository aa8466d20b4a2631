/**
 * Gives the processor to others for some time, during which nothing of this process runs: for the few moments before
 * the first probe, when a system needs some time and no event tells of its end.
 * @param ms - fractions of a millisecond count
 */
export function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
