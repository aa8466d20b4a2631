/** Routing loops: routers of a column that come again and again up to the largest TTL. */
import type { Address } from '../model/address.ts';
import { transitAt } from './ends.ts';
import { ttlsOf, type MatrixColumn } from './matrix.ts';

/** A loop that a column is caught in. */
export interface Loop {
  /** The TTL at which the first router of the loop answered first. */
  readonly firstTtl: number;
  /** The TTL from which on routers answer that have answered before. */
  readonly repeatsFrom: number;
  /** Its routers, in their order. */
  readonly routers: readonly Address[];
}

/** Longer loops are not looked for: none has been seen, and each turn takes as many TTLs. */
const LONGEST = 8;
/** So many answers have to come from the router that the turn before has at that place. */
const LEAST_REPEATS = 3;

/** The loop of a column that is caught in one to the end; undefined where it is not. */
export function loopOf(column: MatrixColumn): Loop | undefined {
  const ttls = ttlsOf(column);
  const last = ttls.at(-1) ?? 0;
  const way = new Map<number, Address>();
  for (const ttl of ttls) {
    const [first, ...others] = transitAt(column, ttl);
    if (first && others.every(({ responder }) => responder === first.responder))
      way.set(ttl, first.responder);
  }
  for (let length = 2; length <= LONGEST; length++) {
    const loop = loopOfLength(way, length, last);
    if (loop) return loop;
  }
  return undefined;
}

/** Goes back from the last TTL for as long as each router is the one of a turn before. */
function loopOfLength(way: ReadonlyMap<number, Address>, length: number, last: number): Loop | undefined {
  let [repeats, firstRepeat] = [0, 0];
  for (let ttl = last; ttl > length; ttl--) {
    const [here, before] = [way.get(ttl), way.get(ttl - length)];
    if (here === undefined || before === undefined) continue;
    if (here !== before) break;
    repeats++;
    firstRepeat = ttl;
  }
  const firstTtl = firstRepeat - length;
  const turn = Array.from({ length }, (_, index) => way.get(firstTtl + index));
  const routers = [...new Set(turn.filter((router) => router !== undefined))];
  // a translator answers in the place of all routers behind it, and is no loop
  const isOneAddress = routers.length < 2 && hasNeighbours(way, firstRepeat, last);
  if (repeats < LEAST_REPEATS || isOneAddress || !reachesEnd(way, last, length)) return undefined;
  return { firstTtl, repeatsFrom: firstRepeat, routers };
}

/** Tells whether one router answers two hops in a row. */
function hasNeighbours(way: ReadonlyMap<number, Address>, from: number, last: number): boolean {
  for (let ttl = from; ttl < last; ttl++) {
    const router = way.get(ttl);
    if (router !== undefined && router === way.get(ttl + 1)) return true;
  }
  return false;
}

/** Tells whether routers answer up to the last turn. */
function reachesEnd(way: ReadonlyMap<number, Address>, last: number, length: number): boolean {
  return Math.max(...way.keys()) > last - length;
}
