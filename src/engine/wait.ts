/** How long a probe's reply is waited for. Factors of 0 make the wait exact: `maxMs`, whatever the path shows. */
export interface WaitPolicy {
  /** A reply that comes this long after its probe is late, whatever the factors. */
  readonly maxMs: number;
  /** Times the RTT of another reply of the same hop. */
  readonly hereFactor: number;
  /** Times the RTT of the nearest later hop that has replied. */
  readonly nearFactor: number;
}

/** Added to an RTT before it is multiplied, so that a path of microseconds is not cut off by a busy machine. */
const GRACE_MS = 1;

/**
 * How long to wait for a probe, in milliseconds from its sending.
 * @param hereRttMs - of a probe of the same hop, if one was answered
 * @param nearRttMs - of the nearest later hop that has answered, if any
 */
export function waitFor(policy: WaitPolicy, hereRttMs?: number, nearRttMs?: number): number {
  const { maxMs, hereFactor, nearFactor } = policy;
  const rttMs = hereRttMs ?? nearRttMs;
  const factor = hereRttMs === undefined ? nearFactor : hereFactor;
  if (rttMs === undefined || factor === 0) return maxMs;
  return Math.min(maxMs, (rttMs + GRACE_MS) * factor);
}
