/**
 * Limits how far the probes of one trace go beyond the furthest answer. A target that is near answers each probe that goes
 * beyond it, and its rate limit leaves nothing for the next trace, or none for this one where it is used up already.
 */
import { RATE_LIMIT_GAP_MS } from './resend.ts';
import type { SchedulePlan } from './schedule-plan.ts';
import { firstSentMs, type Slot } from './slot.ts';
import { NEIGHBOUR_MS } from './wait.ts';

/** For so long after its first probe a trace goes one hop beyond the furthest answer: near hosts have answered by then. */
const RAMP_MS = 3;
/** So many probes go beyond the furthest answer before the first hop there has been asked again: 16 hops of the usual three. */
const FIRST_PROBES = 48;
/** The time that an answer may take to what was asked again, besides the largest RTT. */
const GRACE_MS = 100;

/** The state of a trace, as far as the horizon goes by it. Times are milliseconds. */
export interface Progress {
  /** Silent hops between the furthest answer and the hop to send to. */
  readonly ahead: number;
  /** When the first probe of the trace left. */
  readonly startMs: number;
  /** When the first probe beyond the furthest answer left. */
  readonly sinceMs: number;
  readonly largestRttMs: number;
  /** The furthest hop answered only what was sent again: the next ones may have used up their answers too. */
  readonly isLimited: boolean;
}

type HorizonPlan = Pick<
  SchedulePlan,
  'attempts' | 'wait' | 'overlapWaits' | 'resends' | 'gapLimit' | 'hopsAhead'
>;

/** The time from which probes may go so far; Infinity: not before something nearer answers. */
export function opensMs(
  plan: HorizonPlan,
  { ahead, startMs, sinceMs, largestRttMs, isLimited }: Progress,
): number {
  if (ahead >= (plan.gapLimit ?? Infinity)) return Infinity;
  if (ahead === 0 || !plan.overlapWaits) return startMs;
  if (ahead >= (plan.hopsAhead ?? Infinity)) {
    return sinceMs + Math.min(plan.wait.maxMs, NEIGHBOUR_MS + largestRttMs);
  }
  if (plan.resends && (isLimited || ahead * plan.attempts >= FIRST_PROBES)) {
    return sinceMs + RATE_LIMIT_GAP_MS + largestRttMs + GRACE_MS;
  }
  return startMs + RAMP_MS;
}

/** What the replies have shown of the path. Hops count from 0. */
export interface Reached extends Pick<Progress, 'largestRttMs' | 'isLimited'> {
  /** The hop after the furthest one that has replied. */
  readonly nextHop: number;
  /** The hop to which another trace has shown that the path goes on. */
  readonly goesOnTo: number;
  /** It goes no further than the furthest of these two. */
  readonly isLed: boolean;
}

/** The same for the slot after those that were sent; -Infinity where it is no further than the path is known to go. */
export function opensAtMs(plan: HorizonPlan, slots: readonly Slot[], reached: Reached): number {
  const { nextHop, goesOnTo, isLed, largestRttMs, isLimited } = reached;
  const [first] = slots;
  const ahead = Math.floor(slots.length / plan.attempts) - Math.max(nextHop, goesOnTo);
  if (ahead <= 0 || !first) return -Infinity;
  if (isLed) return Infinity;
  const sinceMs = firstSentMs(slots[nextHop * plan.attempts] ?? first);
  return opensMs(plan, { ahead, startMs: firstSentMs(first), sinceMs, largestRttMs, isLimited });
}
