/** Which probe of one trace to send when, how long to wait for it, and when to stop. Reads no clock. */
import type { Family } from '../model/address.ts';
import type { TransportError } from '../model/errors.ts';
import type { Outcome, StopReason } from '../model/outcome.ts';
import type { Probe } from '../model/probe.ts';
import type { Reply } from '../model/reply.ts';
import { endOfTrace, progressOf, type Progress } from '../model/stop-rule.ts';
import { PathTimes } from './path-times.ts';
import { reopenAtMs, resendAtMs } from './resend.ts';
import { probeCount, sequenceCount, type SchedulePlan } from './schedule-plan.ts';
import { isAcceptance, takeOutcome, type Slot } from './slot.ts';
import { waitFor } from './wait.ts';

export type Action =
  | { readonly do: 'send'; readonly probe: Probe }
  /** Nothing to do before `untilMs`, save when a reply comes. */
  | { readonly do: 'wait'; readonly untilMs: number }
  | { readonly do: 'stop'; readonly reason: StopReason };

/** What a reply was worth: only an accepted one is an outcome. */
export type Acceptance = 'accepted' | 'late' | 'duplicate' | 'unknown';

const NONE: readonly Outcome[] = [];

/** A probe is overdue after this many times the largest RTT of the trace so far ... */
const OVERDUE_FACTOR = 3;
/** ... but not before this many milliseconds: most paths of the Internet have answered by then. */
const OVERDUE_AT_LEAST_MS = 300;

export class Scheduler {
  readonly #family: Family;
  readonly #plan: SchedulePlan;
  /** In the order of sending, which is that of the sequence. */
  readonly #slots: Slot[] = [];
  /** How many slots there may be. */
  readonly #total: number;
  readonly #mostResends: number;
  /** How many there will be; less once the end of the path is known. */
  #limit: number;
  /** The slots that were sent again, in the order of the sequences above those of the first sendings. */
  readonly #resent: number[] = [];
  /** The slot to send again next, and when. */
  #resend: { readonly index: number; readonly atMs: number } | undefined;
  #reason: StopReason = 'max-ttl';
  /** All slots before this one have an outcome that was taken. */
  #taken = 0;
  #lastSendMs = -Infinity;
  readonly #times = new PathTimes();
  /** When each probe that is still waited for makes room for another. */
  readonly #roomsMs: number[] = [];
  /** When the first of them is to be given up; Infinity when there is none. */
  #wakeMs = Infinity;
  /** A reply has changed how long the others are waited for. */
  #isOutdated = false;

  constructor(family: Family, plan: SchedulePlan) {
    this.#family = family;
    this.#plan = plan;
    this.#total = probeCount(plan);
    this.#mostResends = sequenceCount(plan) - this.#total;
    this.#limit = this.#total;
  }

  /** What to do at `nowMs`. Idempotent: ask as often as you like. */
  next(nowMs: number): Action {
    const paceMs = this.#paceMs(nowMs);
    if (nowMs >= this.#wakeMs || (this.#isOutdated && !this.#canSend(paceMs <= nowMs))) this.#expire(nowMs);
    const resend = this.#resend;
    const resendMs = resend ? Math.max(resend.atMs, paceMs) : Infinity;
    if (resend && resendMs <= nowMs) return { do: 'send', probe: this.#probeAgain(resend.index) };
    const sendMs = this.#hasMore ? Math.max(this.#roomAtMs(nowMs), paceMs) : Infinity;
    if (sendMs <= nowMs) return { do: 'send', probe: this.#probeAt(this.#slots.length) };
    const untilMs = Math.min(this.#wakeMs, sendMs, resendMs);
    return untilMs === Infinity ? { do: 'stop', reason: this.#reason } : { do: 'wait', untilMs };
  }

  /** The probe of the last `send` action has left. */
  sent(probe: Probe, atMs: number): void {
    this.#note({ probe, sentAtMs: atMs, state: 'waiting' });
    const pace = this.#times.around(probe.ttl - this.#plan.firstTtl);
    this.#await(atMs, waitFor(this.#plan.wait, pace));
  }

  /** The system refused the probe of the last `send` action: its outcome is known. */
  sendFailed(probe: Probe, error: TransportError, atMs: number): void {
    this.#note({ probe, sentAtMs: atMs, state: 'failed', error });
  }

  /** A reply to the probe of this sequence. */
  replied(sequence: number, reply: Reply): Acceptance {
    const index = this.#indexOf(sequence);
    const slot = this.#slots[index];
    if (!slot) return 'unknown';
    if (slot.state === 'replied') return 'duplicate';
    const { probe, sentAtMs, isResent } = slot;
    // the first sending did leave, whatever became of the second
    if (probe.sequence !== sequence) return 'late';
    if (slot.state === 'failed') return 'unknown';
    const isPast = reply.atMs >= sentAtMs + this.#plan.wait.maxMs;
    if (isPast || index < this.#taken || index >= this.#limit) return 'late';
    const rttMs = Math.max(0, reply.atMs - sentAtMs);
    const progress = progressOf(reply.kind, this.#family);
    const opens = isAcceptance(reply.kind);
    this.#slots[index] = { probe, sentAtMs, isResent, state: 'replied', progress, rttMs, opens, reply };
    this.#times.add(probe.ttl - this.#plan.firstTtl, rttMs);
    this.#isOutdated = true;
    if (progress !== 'transit') this.#shortenTo(index);
    return 'accepted';
  }

  /** The round-trip time of the probe of this sequence, once it was answered. */
  rttMs(sequence: number): number {
    const slot = this.#slots[this.#indexOf(sequence)];
    return slot?.state === 'replied' ? slot.rttMs : NaN;
  }

  /** The probe of this sequence, if it was sent. */
  probe(sequence: number): Probe | undefined {
    const probe = this.#slots[this.#indexOf(sequence)]?.probe;
    return probe?.sequence === sequence ? probe : probe && { ...probe, sequence };
  }

  /** Outcomes that were not taken yet, in the order of sending and without a gap. */
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

  /** When the pause after the last sending is over. */
  #paceMs(nowMs: number): number {
    return this.#plan.pauseMs > 0 ? this.#lastSendMs + this.#plan.pauseMs : nowMs;
  }

  get #hasMore(): boolean {
    return this.#slots.length < this.#limit;
  }

  /** Whether the next probe can go whatever the replies have changed: they only make room in the window. */
  #canSend(isPaced: boolean): boolean {
    return isPaced && this.#hasMore && this.#roomsMs.length < this.#plan.parallel;
  }

  #probeAt(index: number): Probe {
    const { firstTtl, attempts } = this.#plan;
    const attempt = index % attempts;
    return { ttl: firstTtl + (index - attempt) / attempts, attempt, sequence: index + 1 };
  }

  /** The same once more, under a sequence of its own: a late reply to the first is not to pass for one to this. */
  #probeAgain(index: number): Probe {
    return { ...this.#probeAt(index), sequence: this.#total + this.#resent.length + 1 };
  }

  /** The slot of a probe that was sent. */
  #indexOf(sequence: number): number {
    return sequence <= this.#total ? sequence - 1 : (this.#resent[sequence - this.#total - 1] ?? -1);
  }

  /** Notes what became of a sending. */
  #note(slot: Slot): void {
    this.#lastSendMs = slot.sentAtMs;
    if (slot.probe.sequence <= this.#total) {
      this.#slots.push(slot);
      return;
    }
    const index = (slot.probe.ttl - this.#plan.firstTtl) * this.#plan.attempts + slot.probe.attempt;
    this.#resent.push(index);
    this.#slots[index] = { ...slot, isResent: true };
    this.#isOutdated = true;
  }

  /** Gives up what is past its deadline; the others are still waited for. */
  #expire(nowMs: number): void {
    const { attempts, wait } = this.#plan;
    this.#isOutdated = false;
    this.#resend = undefined;
    this.#roomsMs.length = 0;
    this.#wakeMs = Infinity;
    const end = Math.min(this.#slots.length, this.#limit);
    let laterMs: number | undefined;
    // from the last hop to the first, so that each knows the nearest answer behind it
    for (let start = end - 1 - ((end - 1) % attempts); start + attempts > this.#taken; start -= attempts) {
      const hop = start / attempts;
      const waitMs = waitFor(wait, this.#times.around(hop, laterMs));
      const waiting = this.#waitingAmong(Math.max(start, this.#taken), Math.min(start + attempts, end));
      for (const index of waiting) this.#giveUpAfter(index, waitMs, nowMs);
      laterMs = this.#times.slowestMs(hop) ?? laterMs;
    }
  }

  /** Those that wait, the ones that were sent again first: whether the others are depends on what becomes of them. */
  #waitingAmong(start: number, end: number): number[] {
    const [again, once]: [number[], number[]] = [[], []];
    for (let index = start; index < end; index++) {
      const slot = this.#slots[index];
      if (slot?.state === 'waiting') (slot.isResent ? again : once).push(index);
    }
    return [...again, ...once];
  }

  /** Gives up the slot if it waits and its wait is over. */
  #giveUpAfter(index: number, waitMs: number, nowMs: number): void {
    const slot = this.#slots[index];
    if (slot?.state !== 'waiting' || this.#willReopen(index, slot, nowMs)) return;
    const { probe, sentAtMs, isResent } = slot;
    if (sentAtMs + waitMs > nowMs) this.#await(sentAtMs, waitMs);
    else if (!this.#willResend(index, slot, nowMs))
      this.#slots[index] = { probe, sentAtMs, isResent, state: 'given-up' };
  }

  /** Whether the slot, past its deadline, is to be sent again: a rate limit shows. */
  #willResend(index: number, slot: Slot, nowMs: number): boolean {
    const { resends, attempts, wait } = this.#plan;
    const hop = this.#hopOf(index);
    if (!resends || slot.isResent || hop.length < attempts) return false;
    const atMs = Math.max(nowMs, resendAtMs(hop));
    return atMs < slot.sentAtMs + wait.maxMs && this.#resendAt(index, atMs);
  }

  /** Whether the slot is to be sent again, whatever its deadline: it came to a half-open connection. */
  #willReopen(index: number, slot: Slot, nowMs: number): boolean {
    const atMs = this.#plan.reopens ? reopenAtMs(slot, this.#hopOf(index)) : undefined;
    return atMs !== undefined && this.#resendAt(index, Math.max(nowMs, atMs));
  }

  /** The slots of its hop. */
  #hopOf(index: number): readonly Slot[] {
    const start = index - (index % this.#plan.attempts);
    return this.#slots.slice(start, start + this.#plan.attempts);
  }

  /** Notes a slot that is to be sent again, if it is the first; false when there are no sequences left. */
  #resendAt(index: number, atMs: number): boolean {
    if (this.#resent.length >= this.#mostResends) return false;
    if (atMs < (this.#resend?.atMs ?? Infinity)) this.#resend = { index, atMs };
    return true;
  }

  /** Notes a probe that is still waited for. */
  #await(sentAtMs: number, waitMs: number): void {
    this.#wakeMs = Math.min(this.#wakeMs, sentAtMs + waitMs);
    this.#roomsMs.push(sentAtMs + Math.min(waitMs, this.#overdueMs()));
  }

  /** How long after its sending a probe is overdue. */
  #overdueMs(): number {
    if (!this.#plan.overlapWaits) return Infinity;
    return Math.max(OVERDUE_AT_LEAST_MS, OVERDUE_FACTOR * this.#times.largestMs);
  }

  /** When the window has room for one more probe, if no reply comes before. */
  #roomAtMs(nowMs: number): number {
    const beyond = this.#roomsMs.length - this.#plan.parallel;
    return beyond < 0 ? nowMs : (Float64Array.from(this.#roomsMs).sort()[beyond] ?? nowMs);
  }

  /** Ends the trace with the hop of this slot, if its replies say so. */
  #shortenTo(index: number): void {
    const { attempts, stopRule } = this.#plan;
    const start = index - (index % attempts);
    const replies: Progress[] = [];
    for (let at = start; at < start + attempts; at++) {
      const slot = this.#slots[at];
      if (slot?.state === 'replied') replies.push(slot.progress);
    }
    const reason = endOfTrace(stopRule, replies, attempts);
    if (!reason) return;
    this.#limit = start + attempts;
    this.#reason = reason;
  }
}
