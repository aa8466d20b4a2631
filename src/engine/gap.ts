/** Finds the silent hops in a row that end a trace. */
import type { Slot } from './slot.ts';

/**
 * The number of slots up to the end of the first `gapLimit` silent hops in a row; undefined while there are none, or while
 * a hop before still waits.
 */
export function endOfGap(slots: readonly Slot[], attempts: number, gapLimit: number): number | undefined {
  let silent = 0;
  for (let end = attempts; end <= slots.length; end += attempts) {
    const hop = slots.slice(end - attempts, end);
    if (hop.some(({ state }) => state === 'waiting')) return undefined;
    silent = hop.some(({ state }) => state === 'replied') ? 0 : silent + 1;
    if (silent === gapLimit) return end;
  }
  return undefined;
}
