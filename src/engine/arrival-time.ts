/** Judges the time of a reply's arrival. */
import type { Reply } from '../model/reply.ts';

/**
 * The reply with a time of arrival that can be. A stamp before the probe was sent, or beyond now, comes of a clock that somebody has
 * set meanwhile: the time at which the program had the reply takes its place, and says so.
 * @param sentAtMs - undefined where no such probe was sent
 */
export function withPossibleTime(reply: Reply, sentAtMs: number | undefined, nowMs: number): Reply {
  const { atMs } = reply;
  if (sentAtMs === undefined || (atMs > sentAtMs && atMs <= nowMs)) return reply;
  return { ...reply, atMs: nowMs, precision: 'user' };
}
