/** Whether anything that a tracer could see contradicts an answer that was forged in the target's name. */
import type { Column } from './columns.ts';
import { meets } from './columns.ts';
import type { Network } from './network.ts';
import { coursesOf, type Course, type Fate } from './truth.ts';

type Forged = Fate & { readonly end: 'forged' };

/**
 * Says whether another column gives the forger away: a router beyond answers it, or the target does from further away, or
 * with another TTL on arrival. Where nothing does, the answer is as good as the target's.
 */
export function isContradicted(network: Network, column: Column, forged: Forged): boolean {
  return network.typed.columns
    .filter((other) => other !== column)
    .some((other) => coursesOf(network, other).some((course) => contradicts(network, other, course, forged)));
}

function contradicts(network: Network, other: Column, { way, fates }: Course, { at, hop }: Forged): boolean {
  const last = fates.at(-1);
  if (!last || fates.length > 1) return false;
  const reach = reachOf(last);
  const beyond = way.hops.slice(at, reach);
  if (beyond.some(({ silent, te_only }) => !silent && (!te_only || meets(other, te_only)))) return true;
  if (last.end !== 'arrives' || last.state === 'mute') return false;
  if (at < way.hops.length) return true;
  const ownTtl = hop.rst_ttl ?? 256 - at;
  return ownTtl !== 'target' && ownTtl !== network.path.dst.reply_ttl;
}

/** The last hop whose own answer a probe can get. */
function reachOf(fate: Fate): number {
  return fate.end === 'arrives' ? fate.hop - 1 : fate.at;
}
