/**
 * Gets the probes of one trace through where all of them ask for one and the same connection: SYNs between the same ports.
 *
 * Stateful firewalls let only the first initial sequence number of such a connection pass and drop the others, for they are
 * no retransmissions. Where that shows, what stays silent is sent again under the number of the first probe that has crossed
 * the box: a true retransmission. The quotes of routers tell such probes apart by another name. The answers of the target do
 * not, nor do those without a number of ours: then the probes go one at a time. ADR 19.
 */
import type { Reply } from '../model/reply.ts';
import type { Probe } from '../model/probe.ts';
import { candidates, isSuspect, scoutsFor, type SentSlots } from './sequence-lock.ts';
import type { Slot } from './slot.ts';

/** Milliseconds for which more answers to a burst may come after the last one that is expected. */
const SETTLE_MS = 10;
/** Milliseconds between two SYNs to a connection that stays half open: Linux answers one in 500 ms. RFC 5961 section 7. */
const HALF_OPEN_GAP_MS = 550;
/** A probe that is alone is waited for this many times the RTT that an answer has shown, and at least so long. */
const ALONE_FACTOR = 3;
const ALONE_AT_LEAST_MS = 300;

/** A slot to be sent again. */
export interface Repeat {
  readonly index: number;
  readonly atMs: number;
  /** The sequence of the probe whose number it has. */
  readonly repeats: number;
  /** It leaves its slot as it is: the slot may be waited for because of its first sending. */
  readonly isScout: boolean;
}

/** A sending that leaves its slot as it is. */
export interface Scout {
  readonly probe: Probe;
  readonly index: number;
  readonly sentAtMs: number;
}

interface Alone {
  readonly fromMs: number;
  /** At least the target's RTT. */
  readonly rttMs: number;
  readonly sent: Set<number>;
  current: number | undefined;
}

/** What a trace knows of the connection that its probes share. */
export class SharedConnection {
  readonly #attempts: number;
  /** The sequence under whose number all is sent now; undefined while each probe has its own. */
  #number: number | undefined;
  /** The largest index of a slot that was answered, but by the target: now, and before the number was known. */
  #last = -1;
  #lastBefore = -1;
  #hasOpened = false;
  #hasArrived = false;
  readonly #scouts = new Map<number, Scout>();
  readonly #triedNumbers = new Set<number>();
  #toScout: Repeat[] = [];
  #alone: Alone | undefined;
  /** The times at which slots of a half-open connection are sent a third time. */
  readonly #thirds = new Map<number, number>();
  readonly #hadThird = new Set<number>();

  /** @param number - the sequence under whose number everything has to be sent, where that is known before */
  constructor(attempts: number, number?: number) {
    this.#attempts = attempts;
    this.#number = number;
  }

  /** The sequence whose number all probes have; undefined while each has its own. */
  get number(): number | undefined {
    return this.#number;
  }

  /** True while probes go one at a time: no new ones then. */
  get isAlone(): boolean {
    return this.#alone !== undefined;
  }

  /** The scout of this sequence. */
  scout(sequence: number): Scout | undefined {
    return this.#scouts.get(sequence);
  }

  /** Notes a sending of a slot that was sent before. Returns true for a scout, which leaves its slot as it is. */
  sentAgain(probe: Probe, index: number, sentAtMs: number): boolean {
    const [first] = this.#toScout;
    const isScout = first?.index === index && first.repeats === probe.repeats;
    if (isScout) {
      this.#toScout.shift();
      this.#scouts.set(probe.sequence, { probe, index, sentAtMs });
    }
    if (this.#thirds.delete(index)) this.#hadThird.add(index);
    if (this.#alone && index >= this.#boundary) {
      this.#alone.current = index;
      this.#alone.sent.add(index);
    }
    return isScout;
  }

  /** Notes that a slot was answered. */
  replied(index: number, isArrival: boolean, opens: boolean): void {
    if (!isArrival) this.#last = Math.max(this.#last, index);
    this.#hasArrived ||= isArrival;
    this.#hasOpened ||= opens;
  }

  /** Notes that a silent slot was answered under another number than its own: only that one passes. */
  prove({ repeats }: Probe): void {
    if (this.#number !== undefined) return;
    this.#number = repeats;
    this.#lastBefore = this.#last;
    this.#toScout = [];
  }

  /**
   * The slot to send again next, if there is one, and when to look again.
   * @param overdueMs - milliseconds after which silence is conspicuous
   */
  review(sent: SentSlots, overdueMs: number, nowMs: number): { repeat?: Repeat | undefined; wakeMs: number } {
    for (const [index, atMs] of this.#thirds) {
      const repeats = this.#numberOfHop(sent.slots, index);
      if (repeats !== undefined)
        return { repeat: { index, atMs, repeats, isScout: false }, wakeMs: Infinity };
    }
    if (this.#alone) return { repeat: this.#nextAlone(sent, this.#alone, nowMs), wakeMs: Infinity };
    if (this.#number !== undefined) return { repeat: this.#nextOfAll(sent, nowMs), wakeMs: Infinity };
    if (this.#hasArrived) return { wakeMs: Infinity };
    return this.#watch(sent, overdueMs, nowMs);
  }

  /** True for a slot that is kept although its time may be over, because it has its turn later. */
  holds(index: number): boolean {
    if (this.#thirds.has(index)) return true;
    const { current, sent } = this.#alone ?? {};
    return sent !== undefined && index >= this.#boundary && index !== current && !sent.has(index);
  }

  /** How long a slot is waited for that would be waited for `waitMs`. */
  waitMs(index: number, waitMs: number, overdueMs: number): number {
    // the first silent one where its hop has answered another: scouts find out before it is given up
    const isWitness = index === this.#last + 1 && index % this.#attempts !== 0;
    if (isWitness && !this.#hasArrived && this.#number === undefined) return Math.max(waitMs, 2 * overdueMs);
    if (this.#alone?.current !== index) return waitMs;
    return Math.min(waitMs, Math.max(ALONE_AT_LEAST_MS, ALONE_FACTOR * this.#alone.rttMs));
  }

  /** True where a slot whose time is over is sent once more, because its hop shows that this one number passes. */
  rescues(index: number, { slots, end }: SentSlots, nowMs: number): boolean {
    if (this.#alone) return false;
    const start = index - (index % this.#attempts);
    const hop = slots.slice(start, Math.min(start + this.#attempts, end));
    return slots[index]?.isResent ? this.#isThird(index, hop, nowMs) : this.#isRepeated(hop, nowMs);
  }

  /** Has a slot sent a third time where the connection that its hop has accepted stays half open. */
  #isThird(index: number, hop: readonly Slot[], nowMs: number): boolean {
    const opened = hop.flatMap((slot) => (slot.state === 'replied' && slot.opens ? [slot] : []));
    // where an earlier one is silent, probes get lost
    if (opened.length === 0 || opened[0] !== hop[0] || this.#hadThird.has(index)) return false;
    const latestMs = Math.max(...opened.map(({ sentAtMs, rttMs }) => sentAtMs + rttMs));
    this.#thirds.set(index, Math.max(nowMs, latestMs + HALF_OPEN_GAP_MS));
    return true;
  }

  /** Has the others of a hop repeat its first probe where that alone was answered: the target refused it, and it alone. */
  #isRepeated([first, ...others]: readonly Slot[], nowMs: number): boolean {
    if (first?.state !== 'replied' || first.reach !== 'arrived' || first.opens) return false;
    if (others.some(({ state, isResent }) => state !== 'waiting' || isResent)) return false;
    this.#number ??= first.probe.repeats ?? first.probe.sequence;
    this.#alone = { fromMs: nowMs, rttMs: first.rttMs, sent: new Set(), current: undefined };
    return true;
  }

  /**
   * The index of the slot that an answer of the target belongs to, which came under the number of several probes or under
   * none. Undefined where that cannot be told; then the probes go one at a time.
   * @param sequence - the probe whose number the answer has
   * @param isBareAck - it has the number of a connection, whoever asked for it
   */
  whose(
    sent: SentSlots,
    sequence: number | undefined,
    isBareAck: boolean,
    { atMs }: Reply,
  ): number | undefined {
    if (this.#alone) {
      const { current } = this.#alone;
      return isBareAck && this.#hasOpened ? undefined : current;
    }
    if (sequence === undefined && this.#hasArrived) return undefined;
    const under = this.#outstanding(sent, sequence);
    const [only] = under;
    if (only && under.length === 1) return only.index;
    if (under.length > 1 && !this.#hasArrived) this.#begin(sent, under, sequence, atMs);
    return undefined;
  }

  /** True where several probes were sent under the number of this one. */
  isShared(sequence: number, { slots, end }: SentSlots): boolean {
    for (const { probe } of this.#scouts.values()) if (probe.repeats === sequence) return true;
    return slots.some(({ probe }, index) => index < end && probe.repeats === sequence);
  }

  /** The sendings that an answer may belong to. */
  #outstanding(
    { slots, end }: SentSlots,
    sequence: number | undefined,
  ): { index: number; sentAtMs: number }[] {
    const isSilent = (index: number) => index < end && slots[index]?.state === 'waiting';
    const scouts = [...this.#scouts.values()].filter(
      ({ index, probe }) => isSilent(index) && probe.repeats === sequence,
    );
    const sent = slots.flatMap(({ probe, sentAtMs }, index) => {
      if (!isSilent(index)) return [];
      const isUnder =
        sequence === undefined ? index > this.#last : (probe.repeats ?? probe.sequence) === sequence;
      return isUnder ? [{ index, sentAtMs }] : [];
    });
    return [...scouts, ...sent];
  }

  /** Begins to send one at a time: an answer has come that may belong to any of these. */
  #begin(
    { slots }: SentSlots,
    under: readonly { sentAtMs: number }[],
    sequence: number | undefined,
    atMs: number,
  ): void {
    const times = under.map(({ sentAtMs }) => sentAtMs);
    const rttMs = atMs - Math.min(...times);
    const fromMs = Math.max(...times) + rttMs + SETTLE_MS;
    this.#number ??= sequence ?? slots[this.#boundary]?.probe.sequence;
    this.#toScout = [];
    this.#alone = { fromMs, rttMs, sent: new Set(), current: undefined };
  }

  /** The index of the first slot of the hop after the last one that was answered. */
  get #boundary(): number {
    return (Math.floor(this.#last / this.#attempts) + 1) * this.#attempts;
  }

  #nextAlone(sent: SentSlots, alone: Alone, nowMs: number): Repeat | undefined {
    const number = this.#number;
    if (number === undefined) return undefined;
    const nearer = this.#nextOfAll({ ...sent, end: Math.min(sent.end, this.#boundary) }, nowMs);
    if (nearer) return nearer;
    if (alone.current !== undefined && sent.slots[alone.current]?.state === 'waiting') return undefined;
    alone.current = undefined;
    for (let index = this.#boundary; index < sent.end; index++) {
      if (sent.slots[index]?.state !== 'waiting' || alone.sent.has(index)) continue;
      return { index, atMs: Math.max(nowMs, alone.fromMs), repeats: number, isScout: false };
    }
    this.#alone = undefined;
    return undefined;
  }

  /** The first silent slot beyond the box that has not gone under the number that passes. */
  #nextOfAll({ slots, end }: SentSlots, nowMs: number): Repeat | undefined {
    const repeats = this.#number;
    if (repeats === undefined) return undefined;
    for (let index = this.#lastBefore + 1; index < end; index++) {
      const slot = slots[index];
      if (slot?.state !== 'waiting' || slot.isResent || slot.probe.repeats === repeats) continue;
      return { index, atMs: nowMs, repeats, isScout: false };
    }
    return undefined;
  }

  /** Looks whether the path looks like one with a lock, and sends scouts if so. */
  #watch(sent: SentSlots, overdueMs: number, nowMs: number): { repeat?: Repeat | undefined; wakeMs: number } {
    const view = { ...sent, last: this.#last, attempts: this.#attempts };
    const { isNow, wakeMs } = isSuspect(view, overdueMs, nowMs);
    for (const number of isNow ? candidates(view) : []) {
      if (this.#triedNumbers.has(number)) continue;
      const indexes = scoutsFor(view, number);
      if (indexes.length > 0) this.#triedNumbers.add(number);
      for (const index of indexes) this.#toScout.push({ index, atMs: nowMs, repeats: number, isScout: true });
    }
    this.#toScout = this.#toScout.filter(({ index }) => sent.slots[index]?.state === 'waiting');
    const [repeat] = this.#toScout;
    return { repeat, wakeMs };
  }

  #numberOfHop(slots: readonly Slot[], index: number): number | undefined {
    const start = index - (index % this.#attempts);
    for (const slot of slots.slice(start, start + this.#attempts)) {
      if (slot.state === 'replied') return slot.probe.repeats ?? slot.probe.sequence;
    }
    return undefined;
  }
}
