/** Decides when the probes of one trace are given up. Reads no clock. */
import { PathTimes } from './path-times.ts';
import type { SchedulePlan } from './schedule-plan.ts';
import { firstSentMs, type Slot, type WaitingSlot } from './slot.ts';
import { tailUntilMs, waitFor } from './wait.ts';

/**
 * Decides about a slot that waits.
 * @param waitMs - how long it is waited for, from its last sending, by what the path has shown so far
 */
type Decide = (index: number, slot: WaitingSlot, waitMs: number) => void;

type WaitOf = (slot: WaitingSlot) => number;

const RESENT_FIRST = [true, false] as const;

/** The deadlines of one trace. Each reply may move those of the other probes. Hops count from 0. */
export class Deadlines {
  readonly #plan: Pick<SchedulePlan, 'wait' | 'attempts'>;
  readonly #times = new PathTimes();
  #wakeMs = Infinity;
  #isOutdated = false;

  constructor(plan: Pick<SchedulePlan, 'wait' | 'attempts'>) {
    this.#plan = plan;
  }

  /** The end of the first wait to be over; Infinity when nothing is waited for. */
  get wakeMs(): number {
    return this.#wakeMs;
  }

  /** The largest RTT of the trace; 0 when nothing has replied. */
  get largestRttMs(): number {
    return this.#times.largestMs;
  }

  /** The hop after the furthest one that has replied; 0 when none has. */
  get nextHop(): number {
    return this.#times.nextHop;
  }

  /** Milliseconds that a probe of this hop is waited for, by what the trace has shown when it leaves. */
  waitAt(hop: number): number {
    return waitFor(this.#plan.wait, this.#times.around(hop));
  }

  /** Has the trace wake for a probe that is waited for until `untilMs`. */
  wakeBy(untilMs: number): void {
    this.#wakeMs = Math.min(this.#wakeMs, untilMs);
  }

  /** Takes a reply of this hop into account. */
  replied(hop: number, rttMs: number): void {
    this.#times.add(hop, rttMs);
    this.#isOutdated = true;
  }

  /** Has the slots reviewed although no wait is over. */
  outdate(): void {
    this.#isOutdated = true;
  }

  /**
   * True when the slots have to be reviewed.
   * @param canSend - the next probe can go whatever a review brings: it only makes room in the window
   */
  isDue(nowMs: number, canSend: boolean): boolean {
    return nowMs >= this.#wakeMs || (this.#isOutdated && !canSend);
  }

  /**
   * Lets `decide` look at each slot from `first` to before `end` that waits. Forgets when to wake: `decide` calls
   * `wakeBy` for what is still waited for.
   */
  review(slots: readonly Slot[], first: number, end: number, decide: Decide): void {
    const { attempts } = this.#plan;
    this.#isOutdated = false;
    this.#wakeMs = Infinity;
    let laterMs: number | undefined;
    // from the last hop to the first, so that each knows the nearest answer behind it
    for (let start = end - 1 - ((end - 1) % attempts); start + attempts > first; start -= attempts) {
      const hop = start / attempts;
      const waitOf = hop < this.nextHop ? this.#steadyWait(hop, laterMs) : this.#tailWait(slots);
      reviewHop(slots, Math.max(start, first), Math.min(start + attempts, end), waitOf, decide);
      laterMs = this.#times.slowestMs(hop) ?? laterMs;
    }
  }

  /** The wait of all slots of a hop that has answered, or behind which another one has. */
  #steadyWait(hop: number, laterMs: number | undefined): WaitOf {
    const waitMs = waitFor(this.#plan.wait, this.#times.around(hop, laterMs));
    return () => waitMs;
  }

  /** The waits of slots beyond the last answer. */
  #tailWait(slots: readonly Slot[]): WaitOf {
    const { attempts, wait } = this.#plan;
    const first = slots[this.nextHop * attempts];
    return (slot) => {
      const sinceMs = firstSentMs(first ?? slot);
      return tailUntilMs(wait, this.#times, sinceMs, firstSentMs(slot)) - slot.sentAtMs;
    };
  }
}

/** Those that were sent again come first: whether the others are sent again depends on what becomes of them. */
function reviewHop(slots: readonly Slot[], start: number, end: number, waitOf: WaitOf, decide: Decide): void {
  for (const isResent of RESENT_FIRST) {
    for (let index = start; index < end; index++) {
      const slot = slots[index];
      if (slot?.state === 'waiting' && (slot.isResent ?? false) === isResent)
        decide(index, slot, waitOf(slot));
    }
  }
}
