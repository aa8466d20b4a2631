/** Knows where one trace ends and why. Reads no clock. */
import type { Address } from '../model/address.ts';
import type { StopReason } from '../model/outcome.ts';
import type { Reply } from '../model/reply.ts';
import { endOfTrace, type Reach } from '../model/stop-rule.ts';
import type { Action } from './action.ts';
import { Aftermath } from './aftermath.ts';
import { endOfGap } from './gap.ts';
import { provenEnd } from './proven-end.ts';
import type { SchedulePlan } from './schedule-plan.ts';
import type { Slot } from './slot.ts';

type EndPlan = Pick<SchedulePlan, 'attempts' | 'stopRule' | 'gapLimit' | 'listensOn' | 'wait'>;

/** The end of one trace, by what its slots show. */
export class TraceEnd {
  readonly #plan: EndPlan;
  readonly #slots: readonly Slot[];
  readonly #aftermath: Aftermath | undefined;
  #limit: number;
  #reason: StopReason = 'max-ttl';
  #isEnded = false;

  /**
   * @param slots - those that were sent, as they are at any time
   * @param total - the number of slots where nothing ends the trace before
   */
  constructor(plan: EndPlan, slots: readonly Slot[], total: number) {
    this.#plan = plan;
    this.#slots = slots;
    this.#limit = total;
    if (plan.listensOn) this.#aftermath = new Aftermath(plan.wait.maxMs);
  }

  /** The number of slots that there will be. It shrinks once the end of the path is known. */
  get limit(): number {
    return this.#limit;
  }

  /** The hop that ends the trace by its replies, counted from 0; Infinity while none does. */
  get hop(): number {
    return this.#isEnded ? this.#limit / this.#plan.attempts - 1 : Infinity;
  }

  /** Ends the trace with the hop of this slot, if its replies say so. */
  replied(index: number): void {
    const { attempts, stopRule } = this.#plan;
    const ends = stopRule === 'proven-refusal' ? provenEnd(this.#slots, index, attempts) : index;
    if (ends === undefined) return;
    const start = ends - (ends % attempts);
    const replies: Reach[] = [];
    for (let at = start; at < start + attempts; at++) {
      const slot = this.#slots[at];
      if (slot?.state === 'replied') replies.push(slot.reach);
    }
    const reason = endOfTrace(stopRule, replies, attempts);
    if (!reason) return;
    this.#limit = start + attempts;
    this.#reason = reason;
    this.#isEnded = true;
  }

  /** Takes note of an accepted reply. @param hop - from 0 */
  heard(hop: number, reply: Reply, rttMs: number): void {
    this.#aftermath?.replied(hop, reply, rttMs);
  }

  /** What to do once nothing more is sent or waited for: stop, or first listen to what may contradict the target's answer. */
  stop(nowMs: number): Action {
    // where no probe went further, nothing further on has anything to say
    const untilMs = this.#slots.length > this.#limit ? (this.#aftermath?.untilMs ?? -Infinity) : -Infinity;
    return untilMs > nowMs ? { do: 'wait', untilMs } : { do: 'stop', reason: this.reason };
  }

  /** Ends the trace with the silent hops in a row that are too many. */
  lookForGap(): void {
    const { attempts, gapLimit } = this.#plan;
    const end = gapLimit === undefined ? undefined : endOfGap(this.#slots, attempts, gapLimit);
    if (end === undefined || end > this.#limit) return;
    this.#limit = end;
    this.#reason = 'gap';
  }

  /** The reason for the end, once all that may come has come. */
  get reason(): StopReason {
    if (this.#reason !== 'reached') return this.#reason;
    const start = this.#limit - this.#plan.attempts;
    const hop = this.#slots.slice(start, this.#limit);
    const isReached = (slot: Slot): boolean =>
      slot.state === 'replied' && slot.claim !== 'station' && this.reachOf(slot, this.#limit) === 'arrived';
    return hop.some(isReached) ? 'reached' : 'refused';
  }

  /** How far a slot's probe got, by what the slots before `end` show of who is a router. */
  reachOf(slot: Slot, end: number): Reach {
    if (slot.state !== 'replied') return 'transit';
    const { reach, claim, responder } = slot;
    if (reach !== 'arrived' || claim === 'own' || claim === 'station') return reach;
    return claim === 'foreign' || this.#isRouter(responder, end) ? 'refused' : 'arrived';
  }

  #isRouter(address: Address, end: number): boolean {
    for (let at = 0; at < end; at++) {
      const slot = this.#slots[at];
      if (slot?.state === 'replied' && slot.reach === 'transit' && slot.responder === address) return true;
    }
    return false;
  }
}
