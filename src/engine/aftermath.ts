/**
 * Decides how long a trace listens on after the answer that ends it. Something nearer than the target may have given it:
 * then routers further on answer the probes that are under way still. Reads no clock.
 */
import { isFromBehind, isShorter } from '../model/arrival.ts';
import type { Reply } from '../model/reply.ts';

/** How long to listen: a share of the time that the answer took, within these bounds in milliseconds. */
interface Patience {
  readonly share: number;
  readonly leastMs: number;
  readonly mostMs: number;
}

/** For an answer that comes as soon as that of the router before it. */
const AS_SOON: Patience = { share: 0.5, leastMs: 30, mostMs: 100 };
/** For one that arrives with a TTL as nothing behind that router has. */
const ODD_TTL: Patience = { share: 1, leastMs: 100, mostMs: 500 };

/** The time that a reply took, and its TTL on arrival, where the system tells it. */
interface Arrival {
  readonly rttMs: number;
  readonly ttl: number | undefined;
}

/** The aftermath of one trace. Hops count from 0. */
export class Aftermath {
  readonly #mostMs: number;
  /** The quickest reply of the router at each hop. */
  readonly #routers = new Map<number, Arrival>();
  /** The nearest answer. */
  #answer: (Arrival & { readonly hop: number; readonly atMs: number }) | undefined;

  /** @param mostMs - no longer than a probe of the trace is waited for */
  constructor(mostMs: number) {
    this.#mostMs = mostMs;
  }

  /** The time until which to listen, by all that has arrived; -Infinity where there is no reason to. */
  get untilMs(): number {
    if (!this.#answer) return -Infinity;
    const { atMs, hop } = this.#answer;
    const router = this.#lastBefore(hop);
    return router ? atMs + Math.min(this.#mostMs, listenMs(this.#answer, router)) : -Infinity;
  }

  /** Takes an accepted reply into account. */
  replied(hop: number, { kind, ttl, atMs }: Reply, rttMs: number): void {
    if (kind.type === 'time-exceeded' && rttMs < (this.#routers.get(hop)?.rttMs ?? Infinity))
      this.#routers.set(hop, { rttMs, ttl });
    if (kind.type === 'answer' && hop < (this.#answer?.hop ?? Infinity))
      this.#answer = { hop, rttMs, ttl, atMs };
  }

  #lastBefore(hop: number): Arrival | undefined {
    for (let at = hop - 1; at >= 0; at--) {
      const router = this.#routers.get(at);
      if (router) return router;
    }
    return undefined;
  }
}

/** The target is behind the last router: what comes as from behind it is taken for the target's. */
function listenMs(answer: Arrival, router: Arrival): number {
  const isOdd = answer.ttl !== undefined && router.ttl !== undefined && !isFromBehind(answer.ttl, router.ttl);
  if (!isOdd && isShorter(router.rttMs, answer.rttMs)) return 0;
  const { share, leastMs, mostMs } = isOdd ? ODD_TTL : AS_SOON;
  return Math.min(mostMs, Math.max(leastMs, answer.rttMs * share));
}
