/** When the columns of a matrix have been waited for long enough: they know of each other what one trace cannot. */
import type { Clock, Cancel } from '../../ports/clock.ts';
import type { Trace } from '../../engine/trace.ts';
import { sameHost } from '../../verdict/matrix.ts';
import type { Probe } from '../../model/probe.ts';
import type { Reply } from '../../model/reply.ts';

/** How long after its last probe of use a column is waited for, in times of the largest RTT of the run ... */
const WAIT_FACTOR = 3;
/** ... and at least. */
const WAIT_AT_LEAST_MS = 500;
/** So many hops beyond the furthest answer are probed: balanced paths may be of unequal length. */
const MARGIN = 2;

/** How often that is looked at. */
const SETTLE_MS = 20;

interface PassProgress {
  /** When each probe was sent, in the order of TTL. */
  readonly sentMs: number[];
  /** The TTL of the first reply that was no router's on the way. */
  endTtl: number;
}

export interface FirstPassOptions {
  readonly clock: Clock;
  readonly firstTtl: number;
  readonly maxTtl: number;
  readonly attempts: number;
  /** What the user asked to wait, exactly. */
  readonly exactWaitMs?: number;
  /** The most to wait while nothing has answered. */
  readonly mostWaitMs: number;
  /** Ends a trace. */
  stop(trace: Trace): void;
}

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
    for (const trace of traces) this.#progress.set(trace, { sentMs: [], endTtl: Infinity });
    this.#settle();
  }

  sent(trace: Trace, atMs: number): void {
    this.#progress.get(trace)?.sentMs.push(atMs);
  }

  replied(trace: Trace, { ttl }: Probe, { kind, responder }: Reply, rttMs: number): void {
    const progress = this.#progress.get(trace);
    if (!progress) return;
    this.#largestRttMs = Math.max(this.#largestRttMs, rttMs);
    if (kind.type === 'time-exceeded') this.#furthestTransit = Math.max(this.#furthestTransit, ttl);
    else progress.endTtl = Math.min(progress.endTtl, ttl);
    if (kind.type !== 'time-exceeded' && sameHost(responder, trace.spec.target)) {
      this.#arrivals.set(trace, Math.min(ttl, this.#arrivals.get(trace) ?? ttl));
    }
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#cancel();
  }

  /** How long a probe of this run is waited for, as far as is known. */
  get waitMs(): number {
    const { exactWaitMs, mostWaitMs } = this.#options;
    if (exactWaitMs !== undefined) return exactWaitMs;
    if (this.#largestRttMs === 0) return mostWaitMs;
    return Math.min(mostWaitMs, Math.max(WAIT_AT_LEAST_MS, WAIT_FACTOR * this.#largestRttMs));
  }

  /** Ends what is due, and comes back in a while: cheaper than after each of hundreds of replies. */
  #settle(): void {
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    for (const [trace, progress] of this.#progress) {
      if (this.#lastUsefulMs(progress) + this.waitMs > nowMs) continue;
      this.#progress.delete(trace);
      this.#options.stop(trace);
    }
    this.#cancel = clock.schedule(nowMs + SETTLE_MS, () => {
      this.#settle();
    });
  }

  /** When the last probe was sent that can tell something; Infinity when it was not yet. */
  #lastUsefulMs({ sentMs, endTtl }: PassProgress): number {
    const { firstTtl, maxTtl, attempts } = this.#options;
    // something nearer may answer for the target: the furthest answer counts
    const furthest = Math.max(this.#furthestTransit, ...this.#arrivals.values());
    const known = this.#arrivals.size === 0 ? maxTtl : furthest + MARGIN;
    const lastTtl = Math.min(endTtl, known, maxTtl);
    return sentMs[(lastTtl - firstTtl + 1) * attempts - 1] ?? Infinity;
  }
}
