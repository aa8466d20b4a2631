/**
 * What is sent again, since it was not lost but left unanswered.
 *
 * What a hop's rate limit swallowed: routers that limit the rate of their ICMP errors answer the first probes of a burst
 * and no more, so that probing fast would cost answers. RFC 1812 section 4.3.2.8, RFC 4443 section 2.4.
 *
 * What came to a half-open connection: a system that has accepted a SYN answers no other one between the same ports, save
 * that it has the connection already, until a reset has come from us. RFC 9293 section 3.10.7.4, RFC 5961 section 4.
 */
import type { Slot } from './slot.ts';

/** Routers that limit their errors mostly let at least one pass in a second, like Linux's net.ipv4.icmp_ratelimit. */
export const RATE_LIMIT_GAP_MS = 1100;
/** For so long after a connection was accepted others may still be: not every system keeps them apart. */
const OTHERS_GRACE_MS = 10;
/** A single missing answer is rather lost on the way. */
const FEWEST_SWALLOWED = 2;

/** When the hop of these slots may be asked again; never (Infinity) where no rate limit shows, or a slower one. */
export function resendAtMs(hop: readonly Slot[]): number {
  if (!isRateLimited(hop) || hop.some(isHopeless)) return Infinity;
  return Math.max(...hop.map(({ sentAtMs }) => sentAtMs)) + RATE_LIMIT_GAP_MS;
}

/**
 * When a slot that came to a half-open connection may be sent again: one after the other, each once the reset of the one
 * before is on its way, which the system sends as soon as it is answered. Undefined where it is no such slot, or where the
 * target accepts another one all the same.
 */
export function reopenAtMs(slot: Slot, hop: readonly Slot[]): number | undefined {
  const accepted = hop.filter(isAccepted);
  const before = accepted.find((other) => cameTo(slot, other));
  const isAcceptedTwice = accepted.some((one) => accepted.some((other) => cameTo(one, other)));
  if (!before || isAcceptedTwice || slot.isResent || hop.some(isHopeless)) return undefined;
  if (hop.some(({ state, isResent }) => state === 'waiting' && isResent)) return Infinity;
  return Math.max(answeredMs(before) + OTHERS_GRACE_MS, ...accepted.map(answeredMs));
}

type Accepted = Extract<Slot, { readonly state: 'replied' }>;

function isAccepted(slot: Slot): slot is Accepted {
  return slot.state === 'replied' && slot.opens;
}

function answeredMs({ sentAtMs, rttMs }: Accepted): number {
  return sentAtMs + rttMs;
}

/** Whether a slot was sent after another one and before its answer came: to a connection that is half open. */
function cameTo(slot: Slot, other: Accepted): boolean {
  return other.probe.sequence < slot.probe.sequence && slot.sentAtMs < answeredMs(other);
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
