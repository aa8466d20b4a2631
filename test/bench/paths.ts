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

export interface Scenario {
  readonly name: string;
  readonly path: PathFormat;
  /** Arguments that both programs take. */
  readonly args: readonly string[];
  /** What our wall time over the peer's is to be at the most. */
  readonly goal: number;
}

export const scenarios: readonly Scenario[] = [
  { name: '15 hops of 80 ms, all answer', path: pathOf(15, 80), args: ['-n'], goal: 1.2 },
  {
    name: 'the same, three hops silent',
    path: pathOf(15, 80, (ttl) => ([4, 8, 12].includes(ttl) ? { silent: true } : {})),
    args: ['-n'],
    goal: 0.6,
  },
  {
    name: 'silent after hop 6 of 30',
    path: pathOf(15, 80, (ttl) => (ttl === 6 ? DROP_ALL : {})),
    args: ['-n', '-m', '30'],
    goal: 0.3,
  },
];
