/** Ends the columns of a matrix early. Together they show where the path ends and how fast it is, which one trace cannot. */
import type { Clock, Cancel } from '../../ports/clock.ts';
import type { Trace } from '../../engine/trace.ts';
import { NEIGHBOUR_MS } from '../../engine/wait.ts';
import { sameHost } from '../../model/address.ts';
import type { Probe } from '../../model/probe.ts';
import type { Reply } from '../../model/reply.ts';

/** A column is waited for this many times the run's largest RTT after its last useful probe ... */
const WAIT_FACTOR = 3;
/** ... and at least this long. */
const WAIT_AT_LEAST_MS = 500;
/** Hops probed beyond the furthest answer, since balanced paths may differ in length. */
const MARGIN = 2;

/** Pause between two checks. */
const SETTLE_MS = 20;

interface PassProgress {
  /** When each probe was sent first, in the order of TTL. */
  readonly sentMs: number[];
  /** When a probe was last sent again. */
  lastAgainMs: number;
  /** The least TTL whose reply was not time exceeded; Infinity so far. */
  endTtl: number;
}

/** Limits of the pass, and how to end a trace. */
export interface FirstPassOptions {
  readonly clock: Clock;
  readonly firstTtl: number;
  readonly maxTtl: number;
  readonly attempts: number;
  /** The wait that the user gave, which is exact. */
  readonly exactWaitMs?: number;
  /** The longest wait, used while nothing has answered. */
  readonly mostWaitMs: number;
  /**
   * What an earlier pass has found: the largest TTL at which the target answered, 0 where it did not. That pass has waited
   * for the last router to look for the target, so that this one need not.
   */
  readonly earlierArrival?: number;
  /** Tells a trace that the path goes on to this TTL; Infinity: to the target. */
  goOn(trace: Trace, ttl: number): void;
  /** Ends a trace. */
  stop(trace: Trace): void;
}

/** Watches the columns and ends each as soon as waiting longer is of no use. */
export class FirstPass {
  readonly #options: FirstPassOptions;
  readonly #progress = new Map<Trace, PassProgress>();
  #largestRttMs = 0;
  /** The largest TTL that a router answered. */
  #furthestTransit = 0;
  /** The least TTL at which the target answered each trace. */
  readonly #arrivals = new Map<Trace, number>();
  #cancel: Cancel = () => undefined;

  constructor(traces: readonly Trace[], options: FirstPassOptions) {
    this.#options = options;
    for (const trace of traces)
      this.#progress.set(trace, { sentMs: [], lastAgainMs: -Infinity, endTtl: Infinity });
    this.#settle();
  }

  sent(trace: Trace, { sequence }: Probe, atMs: number): void {
    const progress = this.#progress.get(trace);
    if (!progress) return;
    const { firstTtl, maxTtl, attempts } = this.#options;
    if (sequence <= (maxTtl - firstTtl + 1) * attempts) progress.sentMs.push(atMs);
    // until a number is known to pass, what is sent again only looks for it
    else if (trace.scheduler.passingNumber !== undefined) progress.lastAgainMs = atMs;
  }

  replied(trace: Trace, { ttl }: Probe, { kind, responder }: Reply, rttMs: number): void {
    const progress = this.#progress.get(trace);
    if (!progress) return;
    this.#largestRttMs = Math.max(this.#largestRttMs, rttMs);
    if (kind.type === 'time-exceeded') this.#passed(ttl);
    else progress.endTtl = Math.min(progress.endTtl, ttl);
    if (kind.type !== 'time-exceeded' && sameHost(responder, trace.spec.target)) {
      this.#arrivals.set(trace, Math.min(ttl, this.#arrivals.get(trace) ?? ttl));
      this.#goOnTo(Infinity);
    }
  }

  /** Notes that a router answered at this TTL. */
  #passed(ttl: number): void {
    if (ttl <= this.#furthestTransit) return;
    this.#furthestTransit = ttl;
    this.#goOnTo(ttl + 1);
  }

  /** Lets all columns go as far as one has come. */
  #goOnTo(ttl: number): void {
    for (const trace of this.#progress.keys()) this.#options.goOn(trace, ttl);
  }

  /** Stops checking. */
  end(): void {
    this.#cancel();
  }

  /** How long a probe of this run is waited for, in milliseconds, by what is known so far. */
  get waitMs(): number {
    const { exactWaitMs, mostWaitMs } = this.#options;
    if (exactWaitMs !== undefined) return exactWaitMs;
    if (this.#largestRttMs === 0) return mostWaitMs;
    return Math.min(mostWaitMs, Math.max(WAIT_AT_LEAST_MS, WAIT_FACTOR * this.#largestRttMs));
  }

  /** Ends the traces that are due, then comes back after a pause. Checking after each reply would cost more. */
  #settle(): void {
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    for (const [trace, progress] of this.#progress) {
      if (Math.max(this.#lastUsefulMs(progress) + this.waitMs, this.#neighbourMs(progress)) > nowMs) continue;
      this.#progress.delete(trace);
      this.#options.stop(trace);
    }
    this.#cancel = clock.schedule(nowMs + SETTLE_MS, () => {
      this.#settle();
    });
  }

  /**
   * Until when the last router may be looking for the target on its network, to say that it is not there. It has found it
   * once the target has answered any column.
   */
  #neighbourMs({ sentMs, endTtl }: PassProgress): number {
    const { firstTtl, maxTtl, attempts, exactWaitMs, earlierArrival } = this.#options;
    const isFound =
      earlierArrival !== undefined ||
      this.#arrivals.size > 0 ||
      endTtl < Infinity ||
      this.#furthestTransit >= maxTtl;
    if (exactWaitMs !== undefined || isFound) return -Infinity;
    const next = Math.max(0, this.#furthestTransit - firstTtl + 1);
    return (sentMs[next * attempts] ?? Infinity) + NEIGHBOUR_MS + this.#largestRttMs;
  }

  /** When the last useful probe of a trace was sent; Infinity while it was not. */
  #lastUsefulMs({ sentMs, lastAgainMs, endTtl }: PassProgress): number {
    const { firstTtl, maxTtl, attempts, earlierArrival = 0 } = this.#options;
    // a box nearer than the target may answer in its name: the furthest answer counts
    const arrival = Math.max(earlierArrival, ...this.#arrivals.values());
    const known = arrival === 0 ? maxTtl : Math.max(this.#furthestTransit, arrival) + MARGIN;
    const lastTtl = Math.min(endTtl, known, maxTtl);
    return Math.max(lastAgainMs, sentMs[(lastTtl - firstTtl + 1) * attempts - 1] ?? Infinity);
  }
}
