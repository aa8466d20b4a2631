/** Decides which probe of one trace to send when, and when to stop. Reads no clock. */
import type { Family } from '../model/address.ts';
import type { Claim } from '../model/answers.ts';
import type { TransportError } from '../model/errors.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Probe } from '../model/probe.ts';
import type { Reply } from '../model/reply.ts';
import { reachOf } from '../model/stop-rule.ts';
import type { Acceptance, Action } from './action.ts';
import { Deadlines } from './deadlines.ts';
import { opensAtMs } from './horizon.ts';
import type { SchedulePlan } from './schedule-plan.ts';
import { SecondSendings } from './second-sendings.ts';
import { overdueMs, SendWindow } from './send-window.ts';
import { Sequences } from './sequences.ts';
import type { SentSlots } from './sequence-lock.ts';
import { SharedConnection, type Scout } from './shared-connection.ts';
import { isBareAck, repliedSlot, rttOf, sendingOf, takeOutcome, type Sending, type Slot } from './slot.ts';
import { TraceEnd } from './trace-end.ts';

const UNKNOWN: Acceptance = { status: 'unknown' };
const NONE: readonly Outcome[] = [];

/**
 * The schedule of one trace. It joins the send window, the sequences and the deadlines over the slots of the trace, and
 * knows where the trace ends.
 */
export class Scheduler {
  readonly #family: Family;
  readonly #claimOf: (reply: Reply) => Claim;
  readonly #plan: SchedulePlan;
  readonly #window: SendWindow;
  readonly #sequences: Sequences;
  readonly #deadlines: Deadlines;
  /** Present where all probes ask for one and the same connection. */
  readonly #connection: SharedConnection | undefined;
  /** In the order of their first sending. */
  readonly #slots: Slot[] = [];
  readonly #end: TraceEnd;
  readonly #secondSendings: SecondSendings;
  /** The furthest hop that answered only what was sent again; -1: none. */
  #foundAgain = -1;
  /** How far others let it go. */
  #guidance = { goesOnTo: 0, isLed: false };
  /** All slots before this one have an outcome that was taken. */
  #taken = 0;

  /** @param claimOf - tells whose word an answer is that ends the trace; when absent, each is the target's own */
  constructor(family: Family, plan: SchedulePlan, claimOf: (reply: Reply) => Claim = () => 'own') {
    this.#claimOf = claimOf;
    this.#family = family;
    this.#plan = plan;
    this.#window = new SendWindow(plan);
    this.#sequences = new Sequences(plan);
    this.#deadlines = new Deadlines(plan);
    if (plan.reopens) this.#connection = new SharedConnection(plan.attempts);
    this.#end = new TraceEnd(plan, this.#slots, this.#sequences.total);
    this.#secondSendings = new SecondSendings(plan, this.#sequences);
  }

  /** The sequence under whose number alone probes pass a box on the way; undefined where none shows. */
  get passingNumber(): number | undefined {
    return this.#connection?.number;
  }

  /** The TTL of the hop that ends the trace by its replies; Infinity while none does. */
  get endTtl(): number {
    return this.#plan.firstTtl + this.#end.hop;
  }

  /** Answers what to do at `nowMs`. Idempotent: ask as often as you like. */
  next(nowMs: number): Action {
    const pauseOverMs = this.#window.pauseOverMs(nowMs);
    const canSend = this.#mayGoOn && Math.max(this.#opensMs, pauseOverMs) <= nowMs && this.#window.hasRoom;
    if (this.#deadlines.isDue(nowMs, canSend)) this.#review(nowMs);
    const resend = this.#sequences.nextResend;
    const resendMs = resend ? Math.max(resend.atMs, pauseOverMs) : Infinity;
    if (resend && resendMs <= nowMs) return { do: 'send', probe: this.#sequences.again(resend) };
    // the review may have changed it
    const sendMs = this.#mayGoOn
      ? Math.max(this.#window.roomAtMs(nowMs), pauseOverMs, this.#opensMs)
      : Infinity;
    if (sendMs <= nowMs)
      return { do: 'send', probe: this.#sequences.first(this.#slots.length, this.passingNumber) };
    const untilMs = Math.min(this.#deadlines.wakeMs, sendMs, resendMs);
    return untilMs === Infinity ? this.#end.stop(nowMs) : { do: 'wait', untilMs };
  }

  /** Notes that the probe of the last `send` action has left. */
  sent(probe: Probe, atMs: number): void {
    if (this.#note({ probe, sentAtMs: atMs, state: 'waiting' })) return;
    this.#waitFor(atMs, this.#deadlines.waitAt(this.#hopOf(probe)));
    if (this.#connection) this.#deadlines.wakeBy(atMs + overdueMs(this.#deadlines.largestRttMs));
  }

  /** Notes that the system refused the probe of the last `send` action: its outcome is known. */
  sendFailed(probe: Probe, error: TransportError, atMs: number): void {
    this.#note({ probe, sentAtMs: atMs, state: 'failed', error });
    this.#end.lookForGap();
  }

  /** When the probe of this sequence was sent; undefined where none was. */
  sentAtMs(sequence: number): number | undefined {
    const slot = this.#slots[this.#sequences.slotOf(sequence)];
    return (this.#connection?.scout(sequence) ?? (slot && sendingOf(slot, sequence)))?.sentAtMs;
  }

  /** Takes a reply to the probe of this sequence. */
  replied(sequence: number, reply: Reply): Acceptance {
    const scout = this.#connection?.scout(sequence);
    if (scout) return this.#scoutReplied(scout, reply);
    const index = this.#sequences.slotOf(sequence);
    const slot = this.#slots[index];
    return slot ? this.#slotReplied(index, slot, sequence, reply) : UNKNOWN;
  }

  #slotReplied(index: number, slot: Slot, sequence: number, reply: Reply): Acceptance {
    const sending = sendingOf(slot, sequence);
    if (slot.state === 'failed' && sending === slot) return UNKNOWN;
    const rttMs = rttOf(reply, sending);
    if (slot.state === 'replied') return { status: 'duplicate', rttMs };
    const isPast = reply.atMs >= sending.sentAtMs + this.#plan.wait.maxMs;
    if (isPast || index < this.#taken || index >= this.#end.limit) return { status: 'late', rttMs };
    this.#accept(index, slot, sending, reply);
    return { status: 'accepted', rttMs };
  }

  /** Takes from other traces to the target that the path goes on to this TTL. Led: nor further, save by its own replies. */
  goesOnTo(ttl: number, isLed = false): void {
    this.#guidance = { goesOnTo: Math.max(this.#guidance.goesOnTo, this.#hopOf({ ttl })), isLed };
  }

  /** The probe of this sequence, if it was sent. */
  probe(sequence: number): Probe | undefined {
    const probe = this.#slots[this.#sequences.slotOf(sequence)]?.probe;
    if (!probe || probe.sequence === sequence) return probe;
    return { ...probe, sequence, repeats: this.#sequences.repeatedBy(sequence) };
  }

  /**
   * The probe that an answer of the target belongs to, where several have one number, or the answer none.
   * @param sequence - the probe whose number it has; undefined where it has no number of ours
   */
  answered(sequence: number | undefined, reply: Reply): Probe | undefined {
    const numbered = sequence === undefined ? undefined : this.probe(sequence);
    if (!this.#connection) return numbered;
    if (sequence !== undefined && !this.#connection.isShared(sequence, this.#sent)) return numbered;
    const index = this.#connection.whose(this.#sent, sequence, isBareAck(reply.kind), reply);
    this.#deadlines.outdate();
    if (index !== undefined) return this.#slots[index]?.probe;
    // a duplicate; else it may belong to any of them
    return this.#slots[this.#sequences.slotOf(sequence ?? 0)]?.state === 'replied' ? numbered : undefined;
  }

  /** The only probe that is waited for; undefined where there are more, or none. */
  get onlyWaiting(): Probe | undefined {
    const waiting = this.#slots.filter(({ state }) => state === 'waiting');
    return waiting.length === 1 ? waiting[0]?.probe : undefined;
  }

  /** Outcomes that were not taken yet, in the order of TTL and attempt and without a gap. */
  take(): readonly Outcome[] {
    let outcomes: Outcome[] | undefined;
    for (; this.#taken < this.#end.limit; this.#taken++) {
      const slot = this.#slots[this.#taken];
      const outcome = slot && takeOutcome(slot, this.#end.reachOf(slot, this.#taken));
      if (!outcome) break;
      (outcomes ??= []).push(outcome);
    }
    return outcomes ?? NONE;
  }

  /** Gives up whatever was sent before the last probe with an outcome, so that `take` answers all that is known. */
  conclude(): void {
    const known = this.#slots.slice(0, this.#end.limit).findLastIndex(({ state }) => state !== 'waiting');
    for (let index = this.#taken; index < known; index++) {
      const slot = this.#slots[index];
      if (slot?.state === 'waiting') this.#slots[index] = { ...slot, state: 'given-up' };
    }
  }

  /** The time from which the next first sending may go, by what has answered; Infinity: none may. */
  get #opensMs(): number {
    if (!this.#hasMore) return Infinity;
    const { nextHop, largestRttMs } = this.#deadlines;
    const isLimited = nextHop > 0 && this.#foundAgain === nextHop - 1;
    const { goesOnTo, isLed } = this.#guidance;
    return opensAtMs(this.#plan, this.#slots, { nextHop, goesOnTo, isLed, largestRttMs, isLimited });
  }

  /** The ordinal of a probe's hop, from 0. */
  #hopOf({ ttl }: Pick<Probe, 'ttl'>): number {
    return ttl - this.#plan.firstTtl;
  }

  /** The slots of one hop that were sent. */
  #slotsWith(index: number): readonly Slot[] {
    const start = index - (index % this.#plan.attempts);
    return this.#slots.slice(start, start + this.#plan.attempts);
  }

  /** Notes a sending and its state. Returns true for a scout, which its slot does not wait for. */
  #note(slot: Slot): boolean {
    const { probe, sentAtMs } = slot;
    this.#window.sent(sentAtMs);
    if (!this.#sequences.isAgain(probe)) {
      this.#slots.push(slot);
      // even if nothing ever answers, the first hop is asked again
      if (this.#slots.length === this.#plan.attempts) this.#deadlines.outdate();
      return false;
    }
    const index = this.#sequences.sentAgain(probe);
    const isScout = this.#connection?.sentAgain(probe, index, sentAtMs) ?? false;
    if (!isScout) this.#slots[index] = { ...slot, isResent: true, earlier: this.#slots[index] };
    this.#deadlines.outdate();
    return isScout;
  }

  get #hasMore(): boolean {
    return this.#slots.length < this.#end.limit;
  }

  /** True while further probes may go: not while those that were sent go one at a time. */
  get #mayGoOn(): boolean {
    return this.#hasMore && !this.#connection?.isAlone;
  }

  /** The slots that were sent and count. */
  get #sent(): SentSlots {
    const end = Math.min(this.#slots.length, this.#end.limit);
    return { slots: this.#slots, end, hasMore: this.#hasMore };
  }

  /** Takes a reply to a scout: it counts as one to its slot if that is still waited for. */
  #scoutReplied(scout: Scout, reply: Reply): Acceptance {
    const { probe, index } = scout;
    const slot = this.#slots[index];
    const rttMs = rttOf(reply, scout);
    if (slot?.state === 'replied') return { status: 'duplicate', rttMs };
    this.#connection?.prove(probe);
    this.#deadlines.outdate();
    if (slot?.state !== 'waiting' || index >= this.#end.limit) return { status: 'late', rttMs };
    this.#accept(index, slot, scout, reply);
    return { status: 'accepted', rttMs };
  }

  #waitMs(index: number, mostMs: number): number {
    const silentMs = overdueMs(this.#deadlines.largestRttMs);
    return Math.min(this.#connection?.waitMs(index, mostMs, silentMs) ?? mostMs, this.#plan.wait.maxMs);
  }

  #waitFor(sentAtMs: number, waitMs: number): void {
    this.#deadlines.wakeBy(sentAtMs + waitMs);
    this.#window.hold(sentAtMs, waitMs, this.#deadlines.largestRttMs);
  }

  #accept(index: number, slot: Slot, sending: Sending, reply: Reply): void {
    const reach = reachOf(reply.kind, this.#family);
    const claim = reach === 'arrived' ? this.#claimOf(reply) : 'own';
    const replied = repliedSlot(slot, sending, reply, reach, claim);
    this.#slots[index] = replied;
    const hop = this.#hopOf(sending.probe);
    if (slot.isResent && hop >= this.#deadlines.nextHop) this.#foundAgain = hop;
    this.#deadlines.replied(hop, replied.rttMs);
    this.#end.heard(hop, reply, replied.rttMs);
    this.#connection?.replied(index, reach === 'arrived', replied.opens);
    if (reach !== 'transit') this.#end.replied(index);
  }

  /** Looks at all that is waited for: each is waited for still, asked to be sent again, or given up. */
  #review(nowMs: number): void {
    this.#sequences.forgetAsked();
    this.#window.clear();
    const sent = this.#sent;
    this.#deadlines.review(this.#slots, this.#taken, sent.end, (index, slot, mostMs) => {
      const waiting = { index, slot, hop: () => this.#slotsWith(index) };
      if (this.#connection?.holds(index) || this.#secondSendings.afterHalfOpen(waiting, nowMs)) return;
      const { sentAtMs } = slot;
      const waitMs = this.#waitMs(index, mostMs);
      if (sentAtMs + waitMs > nowMs) {
        this.#waitFor(sentAtMs, waitMs);
        const isFirstSilent = this.#hopOf(slot.probe) === this.#deadlines.nextHop;
        if (isFirstSilent) this.#secondSendings.ofFirstSilentHop(waiting, sentAtMs + waitMs);
        return;
      }
      if (this.#connection?.rescues(index, sent, nowMs)) return;
      if (this.#secondSendings.afterRateLimit(waiting, nowMs)) return;
      this.#slots[index] = { ...slot, state: 'given-up' };
    });
    if (this.#connection) this.#reviewConnection(this.#connection, sent, nowMs);
    this.#end.lookForGap();
  }

  /** Asks for the next slot that goes again for the sake of the connection which all share. */
  #reviewConnection(connection: SharedConnection, sent: SentSlots, nowMs: number): void {
    const { repeat, wakeMs } = connection.review(sent, overdueMs(this.#deadlines.largestRttMs), nowMs);
    this.#deadlines.wakeBy(wakeMs);
    if (repeat) this.#sequences.askAgain(repeat.index, repeat.atMs, repeat.repeats);
  }
}
