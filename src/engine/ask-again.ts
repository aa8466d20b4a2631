/**
 * Decides when the first silent hop beyond the last answer is asked again. Its rate limit may have been used up before this
 * trace, by another one: then it answers nothing at first, and one probe a second later on.
 */
import { RATE_LIMIT_GAP_MS } from './resend.ts';
import type { Slot } from './slot.ts';

/** What was asked again is waited for this long at least. */
const LEAST_WAIT_MS = 1000;

/**
 * When a slot of the first silent hop may be sent again, each once and one a second; undefined where it is not its turn, or
 * where too little of the wait for the hop would be left.
 * @param hop - all slots of its hop that were sent
 * @param attempts - probes for each hop
 */
export function askAgainAtMs(
  slot: Slot,
  hop: readonly Slot[],
  attempts: number,
  untilMs: number,
): number | undefined {
  if (hop.length < attempts || hop.find(isUnasked) !== slot) return undefined;
  const atMs = Math.max(...hop.map(({ sentAtMs }) => sentAtMs)) + RATE_LIMIT_GAP_MS;
  return atMs + LEAST_WAIT_MS <= untilMs ? atMs : undefined;
}

function isUnasked({ state, isResent }: Slot): boolean {
  return state === 'waiting' && !isResent;
}
