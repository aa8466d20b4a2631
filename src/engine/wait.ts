/** Computes how long a probe is waited for. Times are milliseconds. */

/** The rules for waits. A factor of 0 makes each wait exactly `maxMs`, whatever the path shows. */
export interface WaitPolicy {
  /** The longest wait. A reply that comes later is late, whatever the factors. */
  readonly maxMs: number;
  /** Multiplies the largest RTT of the same hop. */
  readonly hereFactor: number;
  /** Multiplies the RTT of the nearest later hop that has replied, or the share of it that a slow router may take. */
  readonly nearFactor: number;
}

/** The pace of a path around one hop, as the other probes of the trace have shown it. */
export interface PathPace {
  /** The largest RTT of the same hop; undefined while it has not replied. */
  readonly hereMs?: number | undefined;
  /** The least RTT of the nearest earlier hop that has replied no slower than the later one; 0 when none has. */
  readonly earlierMs: number;
  /** The largest RTT of the nearest later hop that has replied; undefined while none has. */
  readonly laterMs?: number | undefined;
  /** The largest difference between two RTTs of one hop, over all hops; undefined while no hop has replied twice. */
  readonly jitterMs?: number | undefined;
  /** The largest RTT of the trace; 0 when nothing has replied. */
  readonly largestMs: number;
}

/** Added to an RTT before it is multiplied, as Linux traceroute does it. */
const GRACE_MS = 1;
/** The least wait at a hop that has answered: on a path of microseconds a busy machine answers late. */
const HICCUP_MS = 100;
/** The least patience with a hop that forwards: routers make errors on their slow path, in spare time. */
const SLOW_PATH_MS = 200;
/** The jitter, as a share of an RTT, where none was seen yet: queues fill and empty, so the next RTT may be smaller by it. */
const USUAL_JITTER = 0.15;
/** A probe beyond the last hop that has answered is given up after this many times the largest RTT ... */
const TAIL_FACTOR = 20;
/** ... and not before this. */
const TAIL_AT_LEAST_MS = 1000;

/**
 * A router that looks for the next host gives up after three unanswered questions, a second apart, and then says that the
 * host is unreachable. RFC 1122 section 2.3.2.1, RFC 4861 sections 7.2.2 and 10. Kernels whose clock ticks a hundred times a
 * second take 80 ms more for each.
 */
export const NEIGHBOUR_MS = 3300;

/** The wait for a probe, in milliseconds from its sending: at most `policy.maxMs`. */
export function waitFor(policy: WaitPolicy, pace: PathPace): number {
  const { maxMs, hereFactor } = policy;
  if (isExact(policy)) return maxMs;
  if (pace.hereMs !== undefined) {
    return Math.min(maxMs, Math.max(HICCUP_MS, (pace.hereMs + GRACE_MS) * hereFactor));
  }
  return Math.min(
    maxMs,
    pace.laterMs === undefined ? tailWait(pace, maxMs) : gapWait(policy, pace, pace.laterMs),
  );
}

/**
 * The time until which a probe beyond the last answer is waited for. The last router may be looking for the next host since
 * the first of these probes came to it, and will answer all of them at once: so they share that one wait, however many
 * there are, and each has its own besides.
 * @param sinceMs - when the first of the probes beyond the last answer left
 * @param sentAtMs - when this one left first
 */
export function tailUntilMs(
  policy: WaitPolicy,
  { largestMs }: Pick<PathPace, 'largestMs'>,
  sinceMs: number,
  sentAtMs: number,
): number {
  const { maxMs } = policy;
  if (isExact(policy)) return sentAtMs + maxMs;
  const isDark = largestMs === 0;
  const sharedMs = isDark ? maxMs : Math.min(maxMs, NEIGHBOUR_MS + largestMs);
  const ownMs = Math.min(maxMs, isDark ? NEIGHBOUR_MS : tailWait({ largestMs }, maxMs));
  return Math.max(sinceMs + sharedMs, sentAtMs + ownMs);
}

function isExact({ hereFactor, nearFactor }: WaitPolicy): boolean {
  return hereFactor === 0 || nearFactor === 0;
}

/** The wait where no later hop has answered: the path may have ended for this protocol. */
function tailWait({ largestMs }: Pick<PathPace, 'largestMs'>, maxMs: number): number {
  return largestMs === 0 ? maxMs : Math.max(TAIL_AT_LEAST_MS, TAIL_FACTOR * largestMs);
}

/**
 * The wait where a later hop has answered, so this one forwards. A router that answers slower than it forwards takes a
 * multiple of its own share of the path. That share is at most what lies between its neighbours.
 */
function gapWait({ hereFactor, nearFactor }: WaitPolicy, pace: PathPace, laterMs: number): number {
  const { earlierMs, jitterMs = USUAL_JITTER * laterMs } = pace;
  const shareMs = Math.max(0, laterMs + jitterMs - earlierMs);
  const slowMs = earlierMs + (shareMs + GRACE_MS) * nearFactor;
  const patienceMs = Math.max(SLOW_PATH_MS, (laterMs + GRACE_MS) * hereFactor, slowMs);
  return Math.max(HICCUP_MS, Math.min((laterMs + GRACE_MS) * nearFactor, patienceMs));
}
