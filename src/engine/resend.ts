/**
 * What a hop's rate limit swallowed and is sent again. Routers that limit the rate of their ICMP errors answer the first
 * probes of a burst and no more, so that probing fast would cost answers. RFC 1812 section 4.3.2.8, RFC 4443 section 2.4.
 */
import type { Slot } from './slot.ts';

/** Routers that limit their errors mostly let at least one pass in a second, like Linux's net.ipv4.icmp_ratelimit. */
export const RATE_LIMIT_GAP_MS = 1100;
/** A single missing answer is rather lost on the way. */
const FEWEST_SWALLOWED = 2;

/** When the hop of these slots may be asked again; never (Infinity) where no rate limit shows, or a slower one. */
export function resendAtMs(hop: readonly Slot[]): number {
  if (!isRateLimited(hop) || hop.some(isHopeless)) return Infinity;
  return Math.max(...hop.map(({ sentAtMs }) => sentAtMs)) + RATE_LIMIT_GAP_MS;
}

/** Whether the hop answered the first of its probes and then no more, unless they were sent again. */
function isRateLimited(hop: readonly Slot[]): boolean {
  const swallowed = hop.findIndex(({ state, isResent }) => state !== 'replied' || isResent);
  const tail = hop.slice(swallowed);
  return swallowed > 0 && tail.length >= FEWEST_SWALLOWED && tail.every(isSwallowed);
}

function isSwallowed({ state, isResent }: Slot): boolean {
  return state === 'waiting' || isResent === true;
}

/** Not answered at the slower rate either. */
function isHopeless({ state, isResent }: Slot): boolean {
  return state === 'given-up' && isResent === true;
}
