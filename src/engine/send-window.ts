/** Limits how many probes of one trace are in flight, and how fast they follow each other. Reads no clock. */
import type { SchedulePlan } from './schedule-plan.ts';

type WindowPlan = Pick<SchedulePlan, 'parallel' | 'overlapWaits' | 'pauseMs'>;

/** A probe is overdue after this many times the largest RTT of the trace so far ... */
const OVERDUE_FACTOR = 3;
/** ... but not before this many milliseconds: most paths of the Internet have answered by then. */
const OVERDUE_AT_LEAST_MS = 300;

/** The send window of one trace. A probe holds a place in it until it is answered, given up or overdue. */
export class SendWindow {
  readonly #plan: WindowPlan;
  /** The times at which the held places become free. */
  readonly #freeMs: number[] = [];
  #lastSendMs = -Infinity;

  constructor(plan: WindowPlan) {
    this.#plan = plan;
  }

  /** Notes a send, whether the probe left or the system refused it: the pause begins. */
  sent(atMs: number): void {
    this.#lastSendMs = atMs;
  }

  /**
   * Holds a place for a probe.
   * @param waitMs - how long the probe is waited for, from its sending
   * @param largestRttMs - the largest RTT of the trace; 0 when nothing has replied
   */
  hold(sentAtMs: number, waitMs: number, largestRttMs: number): void {
    this.#freeMs.push(sentAtMs + Math.min(waitMs, this.#overdueMs(largestRttMs)));
  }

  /** Frees all places, before those that are still waited for are held again. */
  clear(): void {
    this.#freeMs.length = 0;
  }

  /** The end of the pause after the last send; `nowMs` where the plan has no pause. */
  pauseOverMs(nowMs: number): number {
    return this.#plan.pauseMs > 0 ? this.#lastSendMs + this.#plan.pauseMs : nowMs;
  }

  /** True while a place is free that no probe has held since the last `clear`. */
  get hasRoom(): boolean {
    return this.#freeMs.length < this.#plan.parallel;
  }

  /** The time at which one more probe finds a place if no reply comes before; not after `nowMs` where one is free already. */
  roomAtMs(nowMs: number): number {
    const beyond = this.#freeMs.length - this.#plan.parallel;
    return beyond < 0 ? nowMs : (Float64Array.from(this.#freeMs).sort()[beyond] ?? nowMs);
  }

  /** Milliseconds from its sending after which a probe makes room. */
  #overdueMs(largestRttMs: number): number {
    return this.#plan.overlapWaits ? overdueMs(largestRttMs) : Infinity;
  }
}

/**
 * Milliseconds from its sending after which a probe is overdue.
 * @param largestRttMs - the largest RTT of the trace; 0 when nothing has replied
 */
export function overdueMs(largestRttMs: number): number {
  return Math.max(OVERDUE_AT_LEAST_MS, OVERDUE_FACTOR * largestRttMs);
}
