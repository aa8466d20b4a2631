/**
 * Tells by the silence of a path that a box may pass only one initial sequence number. Beyond such a box at most the probe
 * that crossed it first is answered. Reads no clock.
 */
import type { Slot } from './slot.ts';

/** The slots of a trace that were sent, in the order of TTL and attempt, up to where it ends. */
export interface SentSlots {
  readonly slots: readonly Slot[];
  /** All slots before this index count. */
  readonly end: number;
  /** False once no further slot will be sent. */
  readonly hasMore: boolean;
}

interface View extends SentSlots {
  /** The largest index of a slot that was answered; -1 for none. */
  readonly last: number;
  readonly attempts: number;
}

/** Probes sent to find out whether one number passes: so many hops in a row are hardly silent where a path goes on. */
const MOST_SCOUTS = 8;
/** Boxes that let a second number pass, if it is near, are known: pf has MAXACKWINDOW. */
const MOST_NUMBERS_PASSED = 2;

/**
 * True once a hop has answered some of its first probes, or a hop and the next none, and everything sent after that is
 * overdue. Else the time to look again; Infinity where only a reply or a sending brings news.
 */
export function isSuspect(view: View, overdueMs: number, nowMs: number): { isNow: boolean; wakeMs: number } {
  const { slots, end, hasMore, last, attempts } = view;
  const next = slots[last + 1];
  const isWaiting = slots.some(({ state }, index) => index > last && index < end && state === 'waiting');
  if (!next || !isWaiting) return { isNow: false, wakeMs: Infinity };
  const isWithinHop = (last + 1) % attempts !== 0;
  const silentHops = Math.ceil((last + 1) / attempts) * attempts + attempts;
  const witness = isWithinHop ? next : (slots[silentHops] ?? (hasMore ? undefined : slots[end - 1]));
  if (!witness) return { isNow: false, wakeMs: Infinity };
  const atMs = witness.sentAtMs + overdueMs;
  return { isNow: atMs <= nowMs, wakeMs: atMs <= nowMs ? Infinity : atMs };
}

/**
 * The sequences whose number may be the one that passes. The box lies before the last hop that answered, and was crossed
 * first by that hop's first probe; or behind it, where a silent hop may hide it.
 */
export function candidates({ slots, last, attempts }: View): number[] {
  const hop = Math.floor(last / attempts);
  const isWhole = last % attempts === attempts - 1 && attempts > MOST_NUMBERS_PASSED;
  return [isWhole ? undefined : hop, hop + 1, hop + 2].flatMap((at) => {
    const slot = at === undefined || at < 0 ? undefined : slots[at * attempts];
    return slot ? [slot.probe.sequence] : [];
  });
}

/** The silent slots that find out whether a number passes: the first of each hop, or what there is of one hop alone. */
export function scoutsFor({ slots, end, last, attempts }: View, number: number): number[] {
  const silent: number[] = [];
  for (let index = last + 1; index < end; index++) {
    const slot = slots[index];
    if (slot?.state === 'waiting' && slot.probe.sequence > number) silent.push(index);
  }
  const firsts = silent.filter((index) => index % attempts === 0);
  return (firsts.length > 0 ? firsts : silent).slice(0, MOST_SCOUTS);
}
