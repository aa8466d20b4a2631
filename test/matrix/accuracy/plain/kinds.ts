/**
 * The kinds of networks that plain traces of TCP are tried over: those of the matrix, boxes that forge some answers and let
 * the rest pass, and honest networks that look like such a box.
 */
import type { Bucket, HopFormat } from '../../../sim/path-format.ts';
import { anyHop, atHop, drawStack, routerAt, tcpMatcher, withPath, type Draft, type Kind } from '../draft.ts';
import type { Draw } from '../draw.ts';
import { KINDS } from '../kinds/index.ts';

/** What forged segments arrive with: the box's own TTL, the target's, one of no system's, or what the probe has left. */
function forgersMarks(draft: Draft, draw: Draw): Partial<HopFormat> {
  const { stack } = draft.path.dst;
  return draw.one<() => Partial<HopFormat>>([
    () => ({ stack: drawStack(draw) }),
    () => ({ rst_ttl: draw.int(30, 250), stack: drawStack(draw) }),
    () => ({ rst_ttl: 'mirror' }),
    () => ({ rst_ttl: 'target', ...(stack ? { stack } : {}) }),
  ])();
}

/** Something beside the path sends segments to what passes, one or three each. */
const injected: Kind = (draft, draw) => {
  const says = draw.chance(0.8) ? 'rst' : 'synack';
  const inject = { kinds: [tcpMatcher(draft, draw)], says, copies: draw.one([1, 1, 3]) } as const;
  return atHop(draft, anyHop(draft, draw), { inject, ...forgersMarks(draft, draw) });
};

const RATES: readonly Bucket[] = [
  [1, 1],
  [1, 2],
  [2, 4],
  [5, 5],
  [10, 10],
  [50, 20],
];

/** A rule with a rate: `limit rate 5/second reject with tcp reset`, or a proxy that steps in beyond one. */
function limited(key: 'forges_below' | 'forges_above', forge: (matcher: string) => Partial<HopFormat>): Kind {
  return (draft, draw) =>
    atHop(draft, anyHop(draft, draw), {
      ...forge(tcpMatcher(draft, draw)),
      [key]: draw.one(RATES),
      ...forgersMarks(draft, draw),
    });
}

const reset = (matcher: string): Partial<HopFormat> => ({ reject: { [matcher]: 'rst' } });
const proxy = (matcher: string): Partial<HopFormat> => ({ synack: [matcher] });

/** Each packet takes one of two ways, of lengths that differ by up to two routers. */
const packetBranches: Kind = (draft, draw) => {
  const { hops } = draft.path;
  const after = draw.int(0, hops.length - 1);
  const rejoin = draw.int(after, hops.length);
  const start = hops[after]?.delay ?? 0;
  const length = Math.max(0, rejoin - after + draw.int(-2, 2));
  const branch = Array.from({ length }, (_, index) => routerAt(after + index + 1, start + index, 11));
  // a branch of silent routers shows nowhere
  const shown = draw.chance(0.5) ? branch : branch.map((hop) => ({ ...hop, silent: true }));
  const share = draw.one([0.1, 0.3, 0.5, 0.7]);
  return withPath(draft, { ways: [{ after, share, hops: [...shown, ...hops.slice(rejoin)] }] });
};

/** Routers that pass on what they have discarded. */
const leaky: Kind = (draft, draw) => {
  const some = atHop(draft, anyHop(draft, draw), { leaky: true });
  return draw.chance(0.5) ? atHop(some, some.path.hops.length, { leaky: true }) : some;
};

export const PLAIN_KINDS: Readonly<Record<string, Kind>> = {
  ...Object.fromEntries(Object.entries(KINDS).map(([name, { kind }]) => [name, kind])),
  injected,
  'reset-below': limited('forges_below', reset),
  'reset-above': limited('forges_above', reset),
  'proxy-below': limited('forges_below', proxy),
  'proxy-above': limited('forges_above', proxy),
  'packet-branches': packetBranches,
  leaky,
};
