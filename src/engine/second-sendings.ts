/** Asks for what one trace sends again because its hop, or the host, may answer a second sending. Reads no clock. */
import { askAgainAtMs } from './ask-again.ts';
import { reopenAtMs, resendAtMs } from './resend.ts';
import type { SchedulePlan } from './schedule-plan.ts';
import type { Sequences } from './sequences.ts';
import type { Slot, WaitingSlot } from './slot.ts';

/** A slot that waits. `hop` answers all slots of its hop that were sent: few slots need it. */
export interface Waiting {
  readonly index: number;
  readonly slot: WaitingSlot;
  readonly hop: () => readonly Slot[];
}

/** The second sendings of one trace. Each method asks for one, where it is due. */
export class SecondSendings {
  readonly #plan: SchedulePlan;
  readonly #sequences: Sequences;

  constructor(plan: SchedulePlan, sequences: Sequences) {
    this.#plan = plan;
    this.#sequences = sequences;
  }

  /** For a slot that is still waited for until `untilMs`, of the first silent hop beyond the last answer. */
  ofFirstSilentHop({ index, slot, hop }: Waiting, untilMs: number): void {
    if (!this.#plan.resends) return;
    const atMs = askAgainAtMs(slot, hop(), this.#plan.attempts, untilMs);
    if (atMs !== undefined) this.#sequences.askAgain(index, atMs);
  }

  /** For a slot that is past its deadline because of a rate limit. True when it will be sent. */
  afterRateLimit({ index, slot, hop }: Waiting, nowMs: number): boolean {
    if (!this.#plan.resends) return false;
    const atMs = resendAtMs(slot, hop(), this.#plan, nowMs);
    return atMs !== undefined && this.#sequences.askAgain(index, atMs);
  }

  /** For a slot, whatever its deadline, that came to a half-open connection. True when it will be sent. */
  afterHalfOpen({ index, slot, hop }: Waiting, nowMs: number): boolean {
    if (!this.#plan.reopens) return false;
    const reopen = reopenAtMs(slot, hop(), nowMs);
    return reopen !== undefined && this.#sequences.askAgain(index, reopen.atMs, reopen.repeats);
  }
}
