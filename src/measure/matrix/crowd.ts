/** Bounds of what a matrix has under way, however many columns it has. */

import type { MatrixProbe } from '../../model/plan.ts';

/** Columns that are traced at once; more take turns. */
export const BATCH = 32;

/** The probes that all columns of a batch together have in flight, and each at least. */
const WINDOW = 288;
const LEAST_WINDOW = 12;
/**
 * The probes that all columns together send beyond the furthest answer: a Linux router that looks for the target keeps some
 * 270 packets meanwhile, drops the oldest of more, and answers the oldest that it has. The hops of one column, at least.
 */
const AHEAD = 200;
const LEAST_AHEAD = 4;
/**
 * The least time between two sends, where the columns are more than one batch: 400 a second are few for any link, and do not
 * look like a flood. One batch alone is over before a pace would matter.
 */
const CROWD_PAUSE_MS = 2.5;

/** Milliseconds between two segments that open connections: a flood has them closer. */
const OPENING_PAUSE_MS = 1;

/** So long a matrix of more than one batch goes on asking again, once it has traced all columns. */
export const CROWD_ASKING_MS = 30_000;

/** The probes that each of so many columns may have in flight. */
export function shareOf(columns: number): number {
  return Math.max(LEAST_WINDOW, Math.floor(WINDOW / columns));
}

/** The hops beyond the furthest answer that each column probes. @param perHop - the probes of all columns to one hop */
export function hopsAhead(perHop: number): number {
  return Math.max(LEAST_AHEAD, Math.floor(AHEAD / perHop));
}

/**
 * The least time between any two sends of a matrix of so many columns, in milliseconds; 0: none.
 * @param opening - the columns that open connections
 */
export function leastPauseMs(columns: number, opening: number): number {
  return columns > BATCH ? CROWD_PAUSE_MS : (OPENING_PAUSE_MS * opening) / columns;
}

/** Parts a list of columns, or of what is asked again, into batches, in their order. */
export function batchesOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / BATCH);
  return Array.from({ length: count }, (_, index) => items.slice(index * BATCH, (index + 1) * BATCH));
}

/**
 * The columns in the order in which they are best traced: one of each probe first, then its neighbours and its other flows.
 * So the first batch is as varied as can be, and shows where the target is if anything reaches it.
 */
export function variedFirst<Item>(
  items: readonly Item[],
  probeOf: (item: Item) => MatrixProbe,
): readonly Item[] {
  const seen = new Set<unknown>();
  const first: Item[] = [];
  const rest: Item[] = [];
  for (const item of items) {
    const { name, range, flow } = probeOf(item);
    const kind = range ?? flow?.of ?? name;
    (seen.has(kind) ? rest : first).push(item);
    seen.add(kind);
  }
  return [...first, ...rest];
}
