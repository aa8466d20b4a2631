/** How long a probe's reply is waited for. */
/** Factors of 0 make the wait exact: `maxMs`, whatever the path shows. */
export interface WaitPolicy {
  readonly maxMs: number;
  /** Times the RTT of another reply of the same hop. */
  readonly hereFactor: number;
  /** Times the RTT of the nearest later hop that has replied. */
  readonly nearFactor: number;
}

/** Added to an RTT before it is multiplied, so that a path of microseconds is not cut off by a busy machine. */
const GRACE_MS = 1;

/** Whether the wait is as given, so that what comes after it is late for certain. */
export function isExact({ hereFactor, nearFactor }: WaitPolicy): boolean {
  return hereFactor === 0 && nearFactor === 0;
}

/**
 * How long to wait for a probe, in milliseconds from its sending.
 * @param hereRttMs - of a probe of the same hop, if one was answered
 * @param nearRttMs - of the nearest later hop that has answered, if any
 */
export function waitFor(policy: WaitPolicy, hereRttMs?: number, nearRttMs?: number): number {
  if (isExact(policy)) return policy.maxMs;
  const rttMs = hereRttMs ?? nearRttMs;
  if (rttMs === undefined) return policy.maxMs;
  const factor = hereRttMs === undefined ? policy.nearFactor : policy.hereFactor;
  return Math.min(policy.maxMs, (rttMs + GRACE_MS) * factor);
}
