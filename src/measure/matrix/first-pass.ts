/** Ends the columns of a matrix early. Together they show where the path ends and how fast it is, which one trace cannot. */
import type { Clock, Cancel } from '../../ports/clock.ts';
import type { Trace } from '../../engine/trace.ts';
import { NEIGHBOUR_MS } from '../../engine/wait.ts';
import { sameHost } from '../../model/address.ts';
import type { Probe } from '../../model/probe.ts';
import type { Reply } from '../../model/reply.ts';
import { distanceOf } from './distance.ts';

/** A column is waited for this many times the run's largest RTT after its last useful probe ... */
const WAIT_FACTOR = 3;
/** ... and at least this long. */
const WAIT_AT_LEAST_MS = 500;
/** Hops probed beyond the furthest answer, where paths may differ in length, or something nearer speaks for the target. */
const MARGIN = 2;
/** For so long columns go no further than the next hop, unless an answer shows how far the target is: as many RTTs ... */
const LEAD_FACTOR = 5;
/** ... and these bounds. */
const LEAD_MS = { least: 400, most: 1000 } as const;

/** Answers to so many protocols show where the target is: few boxes speak for it in more than one. */
const SURELY = 2;

/** Pause between two checks. */
const SETTLE_MS = 20;

interface PassProgress {
  /** When each probe was sent first, in the order of TTL. */
  readonly sentMs: number[];
  /** When a probe was last sent again. */
  lastAgainMs: number;
  /** The TTL of the hop that ends it; Infinity so far. */
  endTtl: number;
  /** Anything but time exceeded has answered it. */
  isRefused: boolean;
  /** The largest TTL that a router answered. */
  transitTtl: number;
  /** How far it was told to go, and whether no further. */
  told?: { readonly ttl: number; readonly isLed: boolean };
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
  /** Tells a trace that the path goes on to this TTL. Led: and that it goes no further, save by its own replies. */
  goOn(trace: Trace, ttl: number, isLed: boolean): void;
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
  /** The least and the largest of them, and the protocols that have arrived. */
  #arrived = { least: Infinity, most: -Infinity, protocols: 0 };
  /** The least hop of the target by the answers to what went ahead. */
  #estimate = Infinity;
  readonly #startMs: number;
  #isLeading = true;
  #cancel: Cancel = () => undefined;

  constructor(traces: readonly Trace[], options: FirstPassOptions) {
    this.#options = options;
    const { earlierArrival = 0 } = options;
    if (earlierArrival > 0)
      this.#arrived = { least: earlierArrival, most: earlierArrival, protocols: SURELY };
    this.#startMs = options.clock.nowMs();
    for (const trace of traces)
      this.#progress.set(trace, {
        sentMs: [],
        lastAgainMs: -Infinity,
        endTtl: Infinity,
        isRefused: false,
        transitTtl: 0,
      });
    this.#guide();
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

  replied(trace: Trace, { ttl }: Probe, reply: Reply, rttMs: number): void {
    const { kind, responder } = reply;
    const isTarget = kind.type !== 'time-exceeded' && sameHost(responder, trace.spec.target);
    const progress = this.#progress.get(trace);
    this.#largestRttMs = Math.max(this.#largestRttMs, rttMs);
    if (!progress) {
      if (isTarget) this.#estimate = Math.min(this.#estimate, distanceOf(reply, ttl) ?? Infinity);
    } else {
      progress.endTtl = trace.scheduler.endTtl;
      progress.isRefused ||= kind.type !== 'time-exceeded';
      if (isTarget) this.#arrives(trace, ttl);
      else if (progress.endTtl === Infinity) this.#passes(progress, ttl);
    }
    this.#guide();
  }

  /** A router is there. Whether it passes what it has refused shows further on. */
  #passes(progress: PassProgress, ttl: number): void {
    progress.transitTtl = Math.max(progress.transitTtl, ttl);
    this.#furthestTransit = Math.max(this.#furthestTransit, ttl);
  }

  /** Lets each column go as far as all together show the path to go. */
  #guide(): void {
    const { maxTtl } = this.#options;
    const known = this.#estimate === Infinity ? this.#furthestTransit + 1 : this.#estimate;
    for (const [trace, progress] of this.#progress) {
      const isEnd = this.#isEnd(progress);
      const mayFollow = this.#isLeading || this.#arrived.most < 0;
      const ttl = isEnd || mayFollow ? Math.max(known, this.#furthest) : this.#furthest + MARGIN;
      const isLed = isEnd || this.#isLeading;
      this.#tell(trace, progress, Math.min(maxTtl, Math.max(ttl, progress.transitTtl + 1)), isLed);
    }
  }

  #tell(trace: Trace, progress: PassProgress, ttl: number, isLed: boolean): void {
    if (progress.told?.ttl === ttl && progress.told.isLed === isLed) return;
    progress.told = { ttl, isLed };
    this.#options.goOn(trace, ttl, isLed);
  }

  #arrives(trace: Trace, ttl: number): void {
    this.#arrivals.set(trace, Math.min(ttl, this.#arrivals.get(trace) ?? ttl));
    const hops = [...this.#arrivals.values()];
    const { earlierArrival = 0 } = this.#options;
    const protocols = new Set([...this.#arrivals.keys()].map(({ protocol }) => protocol)).size;
    this.#arrived = {
      least: Math.min(...hops),
      most: Math.max(earlierArrival, ...hops),
      protocols: earlierArrival > 0 ? SURELY : protocols,
    };
  }

  get #leadMs(): number {
    return Math.min(LEAD_MS.most, Math.max(LEAD_MS.least, LEAD_FACTOR * this.#largestRttMs));
  }

  /** A box nearer than the target may answer in its name: the furthest answer counts. */
  get #furthest(): number {
    return Math.max(this.#furthestTransit, this.#arrived.most);
  }

  /** True where a column need not go beyond the furthest answer: the target is there, and the column has not passed it. */
  #isEnd({ transitTtl }: PassProgress): boolean {
    const { least, most, protocols } = this.#arrived;
    return (protocols >= SURELY || most >= this.#estimate) && transitTtl < least;
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
    if (this.#isLeading && nowMs >= this.#startMs + this.#leadMs) {
      this.#isLeading = false;
      this.#guide();
    }
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
  #neighbourMs({ sentMs, isRefused }: PassProgress): number {
    const { firstTtl, maxTtl, attempts, exactWaitMs, earlierArrival } = this.#options;
    const isFound =
      earlierArrival !== undefined || this.#arrivals.size > 0 || isRefused || this.#furthestTransit >= maxTtl;
    if (exactWaitMs !== undefined || isFound) return -Infinity;
    const next = Math.max(0, this.#furthestTransit - firstTtl + 1);
    return (sentMs[next * attempts] ?? Infinity) + NEIGHBOUR_MS + this.#largestRttMs;
  }

  /** When the last useful probe of a trace was sent; Infinity while it was not. */
  #lastUsefulMs(progress: PassProgress): number {
    const { sentMs, lastAgainMs, endTtl } = progress;
    const { firstTtl, maxTtl, attempts } = this.#options;
    const beyond = this.#furthest + (this.#isEnd(progress) ? 0 : MARGIN);
    const isReached = this.#arrived.most > 0;
    const lastTtl = Math.min(endTtl, isReached ? beyond : maxTtl, maxTtl);
    return Math.max(lastAgainMs, sentMs[(lastTtl - firstTtl + 1) * attempts - 1] ?? Infinity);
  }
}
