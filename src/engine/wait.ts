/** How long a probe's reply is waited for. */

/** Factors of 0 make the wait exact: `maxMs`, whatever the path shows. */
export interface WaitPolicy {
  /** A reply that comes this long after its probe is late, whatever the factors. */
  readonly maxMs: number;
  /** Times the RTT of another reply of the same hop. */
  readonly hereFactor: number;
  /** Times the RTT of the nearest later hop that has replied, or what a slow router there may add to it. */
  readonly nearFactor: number;
}

/** What the other probes of a trace have shown of its path. */
export interface PathPace {
  /** Largest RTT of the other replies of the same hop, if there are any. */
  readonly hereMs?: number | undefined;
  /** Least RTT of the nearest earlier hop that has replied, and not slower than the later one; 0 when none has. */
  readonly earlierMs: number;
  /** Largest RTT of the nearest later hop that has replied, if one has. */
  readonly laterMs?: number | undefined;
  /** The largest difference between two RTTs of one hop, of all hops; undefined while none has replied twice. */
  readonly jitterMs?: number | undefined;
  /** The largest RTT of the trace; 0 when nothing has replied. */
  readonly largestMs: number;
}

/** Added to an RTT before it is multiplied, as Linux traceroute does. */
const GRACE_MS = 1;
/** Where a hop has answered, its other probes get this much at least: on a path of microseconds a busy machine is late. */
const HICCUP_MS = 100;
/** A hop that forwards is given this long to answer too: routers make errors on their slow path, in spare time. */
const SLOW_PATH_MS = 200;
/** Of an RTT: queues fill and empty, and the next one over the same way may be so much smaller. Where none was seen. */
const USUAL_JITTER = 0.15;
/** What has not answered beyond the last hop that did is given up after so many times the largest RTT ... */
const TAIL_FACTOR = 20;
/** ... and not before this. */
const TAIL_AT_LEAST_MS = 1000;

/** How long to wait for a probe, in milliseconds from its sending. */
export function waitFor(policy: WaitPolicy, pace: PathPace): number {
  const { maxMs, hereFactor, nearFactor } = policy;
  if (hereFactor === 0 || nearFactor === 0) return maxMs;
  if (pace.hereMs !== undefined) {
    return Math.min(maxMs, Math.max(HICCUP_MS, (pace.hereMs + GRACE_MS) * hereFactor));
  }
  return Math.min(
    maxMs,
    pace.laterMs === undefined ? tailWait(pace, maxMs) : gapWait(policy, pace, pace.laterMs),
  );
}

/** Nothing beyond has answered: the path may have ended here for this protocol. */
function tailWait({ largestMs }: PathPace, maxMs: number): number {
  return largestMs === 0 ? maxMs : Math.max(TAIL_AT_LEAST_MS, TAIL_FACTOR * largestMs);
}

/**
 * A later hop has answered, so this one forwards. A router that answers slower than it forwards does so by a
 * multiple of its own share of the path, which is at most what lies between its neighbours.
 */
function gapWait({ hereFactor, nearFactor }: WaitPolicy, pace: PathPace, laterMs: number): number {
  const { earlierMs, jitterMs = USUAL_JITTER * laterMs } = pace;
  const shareMs = Math.max(0, laterMs + jitterMs - earlierMs);
  const slowMs = earlierMs + (shareMs + GRACE_MS) * nearFactor;
  const patienceMs = Math.max(SLOW_PATH_MS, (laterMs + GRACE_MS) * hereFactor, slowMs);
  return Math.max(HICCUP_MS, Math.min((laterMs + GRACE_MS) * nearFactor, patienceMs));
}
