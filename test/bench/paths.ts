/** The paths that are timed. */
import type { HopFormat, PathFormat } from '../sim/path-format.ts';

/** `length` hops, the last `totalMs` away, with what `change` adds to some. */
export function pathOf(
  length: number,
  totalMs: number,
  change: (ttl: number) => Partial<HopFormat> = () => ({}),
): PathFormat {
  const hop = (ttl: number): HopFormat => ({
    addr: `10.${ttl}.0.1`,
    delay: (totalMs * ttl) / length,
    ...change(ttl),
  });
  return {
    src: '10.0.0.1',
    hops: Array.from({ length: length - 1 }, (_, index) => hop(index + 1)),
    dst: { addr: '10.99.0.1', delay: totalMs },
  };
}

/** Drops everything that goes on from this hop, and answers itself. */
const DROP_ALL = { drop: ['udp', 'icmp', 'tcp', 'gre'] };

export const TARGET = '10.99.0.1';

/** Thirty hops of 2, 10 and 50 ms: times whose truth is taken from the wire. */
export const LONG_PATH: PathFormat = pathOf(30, 50, (ttl) => ({
  delay: ttl <= 10 ? 2 : ttl <= 20 ? 10 : 50,
}));

export interface Scenario {
  readonly name: string;
  readonly path: PathFormat;
  /** Arguments that ours and Linux traceroute both take. */
  readonly args: readonly string[];
  /** What our wall time over Linux traceroute's is to be at the most. */
  readonly goal: number;
  /** How often Linux traceroute is run; ours always fifteen times. */
  readonly peerRuns: number;
}

export const scenarios: readonly Scenario[] = [
  { name: '15 hops of 80 ms, all answer', path: pathOf(15, 80), args: ['-n'], goal: 0.75, peerRuns: 15 },
  {
    name: 'the same, three hops silent',
    path: pathOf(15, 80, (ttl) => ([4, 8, 12].includes(ttl) ? { silent: true } : {})),
    args: ['-n'],
    goal: 0.4,
    peerRuns: 5,
  },
  {
    name: 'silent after hop 6 of 30',
    path: pathOf(15, 80, (ttl) => (ttl === 6 ? DROP_ALL : {})),
    args: ['-n', '-m', '30'],
    goal: 0.1,
    peerRuns: 2,
  },
];
