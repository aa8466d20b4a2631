/** Decides which probe of one trace to send when, and when to stop. Reads no clock. */
import type { Family } from '../model/address.ts';
import type { TransportError } from '../model/errors.ts';
import type { Outcome, StopReason } from '../model/outcome.ts';
import type { Probe } from '../model/probe.ts';
import type { Reply } from '../model/reply.ts';
import { endOfTrace, reachOf, type Reach } from '../model/stop-rule.ts';
import { Deadlines } from './deadlines.ts';
import { reopenAtMs, resendAtMs } from './resend.ts';
import type { SchedulePlan } from './schedule-plan.ts';
import { SendWindow } from './send-window.ts';
import { Sequences } from './sequences.ts';
import { acceptsConnection, takeOutcome, type Slot, type WaitingSlot } from './slot.ts';

/** The next thing to do. */
export type Action =
  | { readonly do: 'send'; readonly probe: Probe }
  /** Nothing to do before `untilMs`, save when a reply comes. */
  | { readonly do: 'wait'; readonly untilMs: number }
  | { readonly do: 'stop'; readonly reason: StopReason };

/**
 * The worth of a reply: only an accepted one is an outcome. `rttMs` counts from the sending that the reply answers; it is
 * undefined where that was the first of two, whose time is not kept.
 */
export type Acceptance =
  | { readonly status: 'accepted'; readonly rttMs: number }
  | { readonly status: 'late' | 'duplicate'; readonly rttMs: number | undefined }
  /** No probe left under this sequence. */
  | { readonly status: 'unknown' };

const UNKNOWN: Acceptance = { status: 'unknown' };
const NONE: readonly Outcome[] = [];

/**
 * The schedule of one trace. It joins the send window, the sequences and the deadlines over the slots of the trace, and
 * knows where the trace ends.
 */
export class Scheduler {
  readonly #family: Family;
  readonly #plan: SchedulePlan;
  readonly #window: SendWindow;
  readonly #sequences: Sequences;
  readonly #deadlines: Deadlines;
  /** In the order of their first sending. */
  readonly #slots: Slot[] = [];
  /** The number of slots that there will be. It shrinks once the end of the path is known. */
  #limit: number;
  #reason: StopReason = 'max-ttl';
  /** All slots before this one have an outcome that was taken. */
  #taken = 0;

  constructor(family: Family, plan: SchedulePlan) {
    this.#family = family;
    this.#plan = plan;
    this.#window = new SendWindow(plan);
    this.#sequences = new Sequences(plan);
    this.#deadlines = new Deadlines(plan);
    this.#limit = this.#sequences.total;
  }

  /** Answers what to do at `nowMs`. Idempotent: ask as often as you like. */
  next(nowMs: number): Action {
    const pauseOverMs = this.#window.pauseOverMs(nowMs);
    const hasMore = this.#slots.length < this.#limit;
    const canSend = hasMore && pauseOverMs <= nowMs && this.#window.hasRoom;
    if (this.#deadlines.isDue(nowMs, canSend)) this.#review(nowMs);
    const resend = this.#sequences.nextResend;
    const resendMs = resend ? Math.max(resend.atMs, pauseOverMs) : Infinity;
    if (resend && resendMs <= nowMs) return { do: 'send', probe: this.#sequences.again(resend.index) };
    const sendMs = hasMore ? Math.max(this.#window.roomAtMs(nowMs), pauseOverMs) : Infinity;
    if (sendMs <= nowMs) return { do: 'send', probe: this.#sequences.first(this.#slots.length) };
    const untilMs = Math.min(this.#deadlines.wakeMs, sendMs, resendMs);
    return untilMs === Infinity ? { do: 'stop', reason: this.#reason } : { do: 'wait', untilMs };
  }

  /** Notes that the probe of the last `send` action has left. */
  sent(probe: Probe, atMs: number): void {
    this.#note({ probe, sentAtMs: atMs, state: 'waiting' });
    this.#waitFor(atMs, this.#deadlines.waitAt(this.#hopOf(probe)));
  }

  /** Notes that the system refused the probe of the last `send` action: its outcome is known. */
  sendFailed(probe: Probe, error: TransportError, atMs: number): void {
    this.#note({ probe, sentAtMs: atMs, state: 'failed', error });
  }

  /** Takes a reply to the probe of this sequence. */
  replied(sequence: number, reply: Reply): Acceptance {
    const index = this.#sequences.slotOf(sequence);
    const slot = this.#slots[index];
    if (!slot) return UNKNOWN;
    const { probe, sentAtMs, state } = slot;
    // else the reply answers the first sending, which did leave, whatever became of the second
    const isLastSending = probe.sequence === sequence;
    if (state === 'failed' && isLastSending) return UNKNOWN;
    const rttMs = isLastSending ? Math.max(0, reply.atMs - sentAtMs) : undefined;
    if (state === 'replied') return { status: 'duplicate', rttMs };
    const isPast = reply.atMs >= sentAtMs + this.#plan.wait.maxMs;
    if (rttMs === undefined || isPast || index < this.#taken || index >= this.#limit) {
      return { status: 'late', rttMs };
    }
    this.#accept(index, slot, reply, rttMs);
    return { status: 'accepted', rttMs };
  }

  /** The probe of this sequence, if it was sent. */
  probe(sequence: number): Probe | undefined {
    const probe = this.#slots[this.#sequences.slotOf(sequence)]?.probe;
    return probe?.sequence === sequence ? probe : probe && { ...probe, sequence };
  }

  /** Outcomes that were not taken yet, in the order of TTL and attempt and without a gap. */
  take(): readonly Outcome[] {
    let outcomes: Outcome[] | undefined;
    for (; this.#taken < this.#limit; this.#taken++) {
      const slot = this.#slots[this.#taken];
      const outcome = slot && takeOutcome(slot);
      if (!outcome) break;
      (outcomes ??= []).push(outcome);
    }
    return outcomes ?? NONE;
  }

  /** Gives up whatever was sent before the last probe with an outcome, so that `take` answers all that is known. */
  conclude(): void {
    const known = this.#slots.slice(0, this.#limit).findLastIndex(({ state }) => state !== 'waiting');
    for (let index = this.#taken; index < known; index++) {
      const slot = this.#slots[index];
      if (slot?.state === 'waiting') this.#slots[index] = { ...slot, state: 'given-up' };
    }
  }

  /** The ordinal of a probe's hop, from 0. */
  #hopOf({ ttl }: Probe): number {
    return ttl - this.#plan.firstTtl;
  }

  /** The slots of one hop that were sent. */
  #slotsWith(index: number): readonly Slot[] {
    const start = index - (index % this.#plan.attempts);
    return this.#slots.slice(start, start + this.#plan.attempts);
  }

  /** Notes a sending and its state. */
  #note(slot: Slot): void {
    this.#window.sent(slot.sentAtMs);
    if (!this.#sequences.isAgain(slot.probe)) {
      this.#slots.push(slot);
      return;
    }
    this.#slots[this.#sequences.sentAgain(slot.probe)] = { ...slot, isResent: true };
    this.#deadlines.outdate();
  }

  #waitFor(sentAtMs: number, waitMs: number): void {
    this.#deadlines.wakeBy(sentAtMs + waitMs);
    this.#window.hold(sentAtMs, waitMs, this.#deadlines.largestRttMs);
  }

  #accept(index: number, { probe, sentAtMs, isResent }: Slot, reply: Reply, rttMs: number): void {
    const reach = reachOf(reply.kind, this.#family);
    const opens = acceptsConnection(reply.kind);
    this.#slots[index] = { probe, sentAtMs, isResent, state: 'replied', reach, rttMs, opens, reply };
    this.#deadlines.replied(this.#hopOf(probe), rttMs);
    if (reach !== 'transit') this.#shortenTo(index);
  }

  /** Looks at all that is waited for: each is waited for still, asked to be sent again, or given up. */
  #review(nowMs: number): void {
    this.#sequences.forgetAsked();
    this.#window.clear();
    const end = Math.min(this.#slots.length, this.#limit);
    this.#deadlines.review(this.#slots, this.#taken, end, (index, slot, waitMs) => {
      if (this.#isReopened(index, slot, nowMs)) return;
      const { probe, sentAtMs, isResent } = slot;
      if (sentAtMs + waitMs > nowMs) this.#waitFor(sentAtMs, waitMs);
      else if (!this.#isResent(index, slot, nowMs)) {
        this.#slots[index] = { probe, sentAtMs, isResent, state: 'given-up' };
      }
    });
  }

  /** Asks for a slot to be sent again if it is past its deadline because of a rate limit. */
  #isResent(index: number, slot: WaitingSlot, nowMs: number): boolean {
    if (!this.#plan.resends) return false;
    const atMs = resendAtMs(slot, this.#slotsWith(index), this.#plan, nowMs);
    return atMs !== undefined && this.#sequences.askAgain(index, atMs);
  }

  /** Asks for a slot to be sent again, whatever its deadline, if it came to a half-open connection. */
  #isReopened(index: number, slot: WaitingSlot, nowMs: number): boolean {
    if (!this.#plan.reopens) return false;
    const atMs = reopenAtMs(slot, this.#slotsWith(index), nowMs);
    return atMs !== undefined && this.#sequences.askAgain(index, atMs);
  }

  /** Ends the trace with the hop of this slot, if its replies say so. */
  #shortenTo(index: number): void {
    const { attempts, stopRule } = this.#plan;
    const start = index - (index % attempts);
    const replies: Reach[] = [];
    for (let at = start; at < start + attempts; at++) {
      const slot = this.#slots[at];
      if (slot?.state === 'replied') replies.push(slot.reach);
    }
    const reason = endOfTrace(stopRule, replies, attempts);
    if (!reason) return;
    this.#limit = start + attempts;
    this.#reason = reason;
  }
}
