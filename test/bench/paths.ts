/** The paths that the benchmarks time. */
import type { HopFormat, PathFormat } from '../sim/path-format.ts';

/** Makes a path of `length` hops, the last one `totalMs` away. `change` adds keys to a router by its TTL. */
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

/** The router drops everything that would go further. It still answers for itself. */
const DROP_ALL = { drop: ['udp', 'icmp', 'tcp', 'gre'] };

/** The target of all paths. */
export const TARGET = '10.99.0.1';

/** Thirty hops of 2, 10 and 50 ms. The wire tells the true times. */
export const LONG_PATH: PathFormat = pathOf(30, 50, (ttl) => ({
  delay: ttl <= 10 ? 2 : ttl <= 20 ? 10 : 50,
}));

/** A path, and what to run over it. */
export interface Scenario {
  readonly name: string;
  readonly path: PathFormat;
  /** Arguments that both our traceroute and Linux traceroute take. */
  readonly args: readonly string[];
  /** Our wall time over that of Linux traceroute; at most this. */
  readonly goal: number;
  /** Runs of Linux traceroute. Ours runs fifteen times. */
  readonly peerRuns: number;
}

/** The paths of the wall times, the plainest first. */
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
    goal: 0.15, // one search of a router for the next host, which takes 3.3 s
    peerRuns: 2,
  },
];
