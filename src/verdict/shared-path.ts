/** Whether two columns take one path up to a hop. */
import { transitAt } from './ends.ts';
import type { MatrixColumn } from './matrix.ts';

/**
 * `same`: one router answered both at the hop before. `unknown`: one did so nearer, and nothing speaks against the rest.
 * `different`: other routers answered them.
 */
export type SharedPath = 'same' | 'unknown' | 'different';

/** Compares the paths of two columns before hop `ttl`. */
export function sharedPath(a: MatrixColumn, b: MatrixColumn, ttl: number): SharedPath {
  for (let hop = ttl - 1; hop > 0; hop--) {
    const [ofA, ofB] = [respondersAt(a, hop), respondersAt(b, hop)];
    if (ofA.size === 0 || ofB.size === 0) continue;
    if (![...ofA].some((address) => ofB.has(address))) return 'different';
    return hop === ttl - 1 && ofA.size === 1 && ofB.size === 1 ? 'same' : 'unknown';
  }
  return ttl === 1 ? 'same' : 'unknown';
}

function respondersAt(column: MatrixColumn, ttl: number): ReadonlySet<string> {
  return new Set(transitAt(column, ttl).map(({ responder }) => responder));
}
