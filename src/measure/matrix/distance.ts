/** Reads from an answer of the target how far it is. */
import type { Reply } from '../../model/reply.ts';

/** The TTLs that systems begin with: Linux and BSD, Windows, routers. */
const INITIAL_TTLS = [64, 128, 255];

/**
 * The hop of the target, by one answer: exactly, where it quotes the TTL that was left to the probe; else by that of its own
 * answer, if the way back is as long. Undefined where it tells nothing.
 * @param sentTtl - of the probe
 */
export function distanceOf({ kind, quote, ttl }: Reply, sentTtl: number): number | undefined {
  const left = kind.type === 'answer' ? undefined : quote?.ttl;
  const initial = INITIAL_TTLS.find((first) => ttl !== undefined && first >= ttl);
  const back = ttl === undefined || initial === undefined ? undefined : initial - ttl + 1;
  const hop = left === undefined ? back : sentTtl - left + 1;
  return hop !== undefined && hop >= 1 && hop <= sentTtl ? hop : undefined;
}
