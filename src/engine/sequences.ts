/** Gives the probes of one trace their sequences, when they are sent first and again. Reads no clock. */
import type { Probe } from '../model/probe.ts';
import { probeCount, sequenceCount, type SchedulePlan } from './schedule-plan.ts';

type SequencePlan = Pick<SchedulePlan, 'firstTtl' | 'maxTtl' | 'attempts' | 'resends' | 'reopens'>;

/** A slot that is to be sent again, and the earliest time for it. */
export interface Resend {
  readonly index: number;
  readonly atMs: number;
  /** The sequence of the probe whose number it gets; absent where it gets one of its own. */
  readonly repeats?: number | undefined;
}

/**
 * The sequences of one trace. Slots count from 0, in the order of TTL and attempt. The first sending of slot 0 has
 * sequence 1; what is sent again has the sequences above those of all first sendings, in the order of sending.
 */
export class Sequences {
  /** The number of slots, which is that of first sendings. */
  readonly total: number;
  readonly #firstTtl: number;
  readonly #attempts: number;
  readonly #mostResends: number;
  /** The slots that were sent again, in the order of their new sequences. */
  readonly #resent: { readonly index: number; readonly repeats: number | undefined }[] = [];
  #next: Resend | undefined;

  constructor(plan: SequencePlan) {
    this.total = probeCount(plan);
    this.#firstTtl = plan.firstTtl;
    this.#attempts = plan.attempts;
    this.#mostResends = sequenceCount(plan) - this.total;
  }

  /** The probe that a slot sends first. @param repeats - the sequence under whose number it goes; its own when absent */
  first(index: number, repeats?: number): Probe {
    const attempt = index % this.#attempts;
    const ttl = this.#firstTtl + (index - attempt) / this.#attempts;
    const sequence = index + 1;
    return repeats === undefined ? { ttl, attempt, sequence } : { ttl, attempt, sequence, repeats };
  }

  /** The same probe under a sequence of its own, lest a late reply to the first sending pass for one to the second. */
  again({ index, repeats }: Pick<Resend, 'index' | 'repeats'>): Probe {
    return { ...this.first(index, repeats), sequence: this.total + this.#resent.length + 1 };
  }

  /** True for a probe that `again` made. */
  isAgain({ sequence }: Probe): boolean {
    return sequence > this.total;
  }

  /** Notes that the last probe of `again` was sent, or refused. Returns its slot. */
  sentAgain({ ttl, attempt, repeats }: Probe): number {
    const index = (ttl - this.#firstTtl) * this.#attempts + attempt;
    this.#resent.push({ index, repeats });
    this.#next = undefined; // asked for once, sent once, though no review comes in between
    return index;
  }

  /** The slot of a sequence; a number that is no slot's where none was sent under it. */
  slotOf(sequence: number): number {
    return sequence <= this.total ? sequence - 1 : (this.#resent[sequence - this.total - 1]?.index ?? -1);
  }

  /** The sequence of the probe whose number was sent under this one; undefined where it had its own. */
  repeatedBy(sequence: number): number | undefined {
    return this.#resent[sequence - this.total - 1]?.repeats;
  }

  /** The slot to send again next; undefined when there is none. */
  get nextResend(): Resend | undefined {
    return this.#next;
  }

  /** Asks for a slot to be sent again; the earliest one asked for is the next. False when no sequence is left for it. */
  askAgain(index: number, atMs: number, repeats?: number): boolean {
    if (this.#resent.length >= this.#mostResends) return false;
    if (atMs < (this.#next?.atMs ?? Infinity)) {
      this.#next = repeats === undefined ? { index, atMs } : { index, atMs, repeats };
    }
    return true;
  }

  /** Takes back what was asked for, before each slot is looked at anew. */
  forgetAsked(): void {
    this.#next = undefined;
  }
}
