/**
 * Decides what is sent again, because it was left unanswered and not lost. There are two cases.
 *
 * A hop's rate limit swallowed it: routers that limit the rate of their ICMP errors answer the first probes of a burst
 * and no more, so that probing fast would cost answers. RFC 1812 section 4.3.2.8, RFC 4443 section 2.4.
 *
 * It came to a half-open connection: a system that has accepted a SYN answers no other SYN between the same ports until
 * it has our reset, save that it has the connection already. RFC 9293 section 3.10.7.4, RFC 5961 section 4.
 */
import type { SchedulePlan } from './schedule-plan.ts';
import type { RepliedSlot, Slot } from './slot.ts';

/**
 * Milliseconds between two sends to a hop that limits its rate. Most routers let at least one error pass in a second, like
 * Linux's net.ipv4.icmp_ratelimit.
 */
export const RATE_LIMIT_GAP_MS = 1100;
/** For this long after a connection was accepted others may still be: not every system keeps them apart. */
const OTHERS_GRACE_MS = 10;
/** The fewest missing answers that show a rate limit: a single one was more likely lost on the way. */
const FEWEST_SWALLOWED = 2;

/**
 * When a slot that is past its deadline may be sent again because its hop limits its rate. Undefined where no rate limit
 * shows, where the limit is a slower one, or where that would be later than the slot is waited for at most.
 * @param hop - all slots of its hop that were sent
 */
export function resendAtMs(
  slot: Slot,
  hop: readonly Slot[],
  { attempts, wait }: Pick<SchedulePlan, 'attempts' | 'wait'>,
  nowMs: number,
): number | undefined {
  if (slot.isResent || hop.length < attempts || !isRateLimited(hop) || hop.some(isHopeless)) return undefined;
  const atMs = Math.max(nowMs, ...hop.map(({ sentAtMs }) => sentAtMs + RATE_LIMIT_GAP_MS));
  return atMs < slot.sentAtMs + wait.maxMs ? atMs : undefined;
}

/**
 * When a slot that came to a half-open connection may be sent again, and under which number. Such slots go one after the
 * other, each once the reset of the one before is on its way, which our system sends as soon as it is answered; Infinity
 * while another one is under way. They repeat the accepted one: where a local filter keeps our resets back, the target
 * answers nothing else. Undefined where the slot is none of them, or where the target accepts another connection all the
 * same.
 * @param hop - all slots of its hop that were sent
 */
export function reopenAtMs(
  slot: Slot,
  hop: readonly Slot[],
  nowMs: number,
): { readonly atMs: number; readonly repeats: number } | undefined {
  const accepted = hop.filter(isAccepted);
  const before = accepted.find((other) => cameTo(slot, other));
  const isAcceptedTwice = accepted.some((one) => accepted.some((other) => cameTo(one, other)));
  if (!before || isAcceptedTwice || slot.isResent || hop.some(isHopeless)) return undefined;
  const repeats = before.probe.repeats ?? before.probe.sequence;
  if (hop.some(({ state, isResent }) => state === 'waiting' && isResent)) return { atMs: Infinity, repeats };
  const atMs = Math.max(nowMs, answeredMs(before) + OTHERS_GRACE_MS, ...accepted.map(answeredMs));
  return { atMs, repeats };
}

function isAccepted(slot: Slot): slot is RepliedSlot {
  return slot.state === 'replied' && slot.opens;
}

function answeredMs({ sentAtMs, rttMs }: RepliedSlot): number {
  return sentAtMs + rttMs;
}

/** True when a slot was sent after another one and before its answer came: to a connection that is half open. */
function cameTo(slot: Slot, other: RepliedSlot): boolean {
  return other.probe.sequence < slot.probe.sequence && slot.sentAtMs < answeredMs(other);
}

/** True when the hop answered the first of its probes, or one that was sent again, and no others at the first asking. */
function isRateLimited(hop: readonly Slot[]): boolean {
  const swallowed = hop.findIndex(({ state, isResent }) => state !== 'replied' || isResent);
  const tail = hop.slice(swallowed);
  return (
    hop.some(({ state }) => state === 'replied') && tail.length >= FEWEST_SWALLOWED && tail.every(isSwallowed)
  );
}

function isSwallowed({ state, isResent }: Slot): boolean {
  return state === 'waiting' || isResent === true;
}

/** True for a slot that was not answered at the slower rate either. */
function isHopeless({ state, isResent }: Slot): boolean {
  return state === 'given-up' && isResent === true;
}
