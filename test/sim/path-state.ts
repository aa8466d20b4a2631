/** The memory of a simulated path: it changes from probe to probe. */
import type { HopFormat, PathFormat } from './path-format.ts';
import type { Random } from './random.ts';
import type { Balancing } from './responder-address.ts';
import { SequenceLock } from './router/sequence-lock.ts';
import { TokenBuckets } from './router/token-bucket.ts';

/** A path that is played, and all that it remembers. */
export interface PathState extends Balancing {
  readonly format: PathFormat;
  readonly buckets: TokenBuckets;
  /** The connections of each hop that has an `isn_lock`. */
  readonly locks: ReadonlyMap<HopFormat, SequenceLock>;
  /** How many datagrams each system has sent that counts them. */
  readonly counted: Map<object, number>;
  /** How many probes each sequence of turns has answered, by whose it is. */
  readonly answered: Map<string, number>;
}

/** A whole IP datagram that reaches the tracer. */
export interface Answer {
  /** Counted in milliseconds from the probe's sending. */
  readonly afterMs: number;
  readonly octets: Uint8Array;
}

/**
 * Opens a path: nothing has been sent over it yet.
 * @param nowMs - the time in milliseconds, by which nodes limit their rates
 */
export function openPath(format: PathFormat, random: Random, nowMs: () => number = () => 0): PathState {
  const locked = format.hops.filter((hop) => hop.isn_lock);
  return {
    format,
    random,
    turns: new Map(),
    buckets: new TokenBuckets(nowMs),
    locks: new Map(locked.map((hop) => [hop, new SequenceLock()])),
    counted: new Map(),
    answered: new Map(),
  };
}
