/** Measures waits against Linux traceroute, in turn over the same networks: those of kernels, and paths of the lab. */
import { ended } from '../lab/command.ts';
import { openLab } from '../lab/lab.ts';
import { openRouters } from '../lab/routers.ts';
import { inTurn, median, spawnNear } from './measure.ts';
import { pathOf, scenarios, TARGET, type Scenario } from './paths.ts';
import { OURS, peer, type Tool } from './tools.ts';

/** What Linux has unless told otherwise. */
const LIMITS = [
  'net.ipv4.icmp_ratemask=6168',
  'net.ipv4.icmp_ratelimit=1000',
  'net.ipv6.icmp.ratelimit=1000',
] as const;
/** Traces in a row to one near target. */
const IN_A_ROW = 4;

/** What one measurement found. */
interface Measured {
  readonly ms: number;
  /** The traces that ended as they should, of all. */
  readonly right: number;
  readonly runs: number;
}

/** A network, and what to trace over it. */
interface Network {
  readonly name: string;
  readonly runs: number;
  readonly measure: (tool: Tool) => Promise<Measured>;
}

/** Runs a tool in a namespace. Answers the milliseconds, and whether its last line is `last`. */
async function timed(
  namespace: string,
  tool: Tool,
  args: readonly string[],
  last: RegExp,
): Promise<Measured> {
  const startMs = performance.now();
  const { stdout } = await ended(spawnNear(namespace, tool.command, [...tool.first, '-n', ...args]));
  const ms = performance.now() - startMs;
  return { ms, right: last.test(stdout.trimEnd().split('\n').at(-1) ?? '') ? 1 : 0, runs: 1 };
}

/** Traces in a row over a chain of kernel routers of its own, with their limits as Linux has them. */
async function overKernels(tool: Tool, target: string, count: number, last: RegExp): Promise<Measured> {
  const routers = openRouters(2);
  try {
    for (const node of ['r1', 'r2', 'dst']) await routers.exec(node, 'sysctl', ['-qw', ...LIMITS]);
    const all: Measured[] = [];
    for (let run = 0; run < count; run++) {
      all.push(await timed(routers.namespaceOf('src'), tool, [target], last));
    }
    const sum = (of: (each: Measured) => number): number => all.reduce((total, each) => total + of(each), 0);
    return { ms: sum(({ ms }) => ms), right: sum(({ right }) => right), runs: count };
  } finally {
    routers.close();
  }
}

const kernels: readonly Network[] = [
  {
    name: 'down behind two routers, IPv4',
    runs: 3,
    measure: (tool) => overKernels(tool, '10.3.0.77', 1, /^ 3 .*!H$/),
  },
  {
    name: 'down behind two routers, IPv6',
    runs: 3,
    measure: (tool) => overKernels(tool, 'fd00:3::77', 1, /^ 3 .*!H$/),
  },
  {
    name: `${IN_A_ROW} in a row to a near kernel`,
    runs: 2,
    measure: (tool) => overKernels(tool, '10.1.0.1', IN_A_ROW, /^ 1 .*10\.1\.0\.1 /),
  },
  {
    name: `${IN_A_ROW} in a row to one two hops away`,
    runs: 2,
    measure: (tool) => overKernels(tool, '10.2.0.1', IN_A_ROW, /^ 2 .*10\.2\.0\.1 /),
  },
];

/** Paths of the lab besides those of the wall times. */
const paths: readonly Pick<Scenario, 'name' | 'path' | 'args'>[] = [
  ...scenarios,
  { name: '20 hops of 300 ms', path: pathOf(20, 300), args: ['-n'] },
  {
    name: 'the same, its first hop silent',
    path: pathOf(20, 300, (ttl) => (ttl === 1 ? { silent: true } : {})),
    args: ['-n'],
  },
  {
    name: '8 hops of 4 ms, six silent in a row',
    path: pathOf(8, 4, (ttl) => (ttl > 1 ? { silent: true } : {})),
    args: ['-n'],
  },
];

function row(name: string, ours: readonly Measured[], theirs: readonly Measured[]): string {
  const [us, them] = [ours, theirs].map((all) => median(all.map(({ ms }) => ms)));
  const [usRight, themRight] = [ours, theirs].map((all) => {
    const right = all.reduce((total, each) => total + each.right, 0);
    return `${right} of ${all.reduce((total, each) => total + each.runs, 0)}`;
  });
  const ms = (value = NaN): string => `${value.toFixed(0)} ms`.padStart(9);
  const ratio = ((us ?? NaN) / (them ?? NaN)).toFixed(2).padStart(6);
  return [name.padEnd(36), ms(us), ms(them), ratio, usRight?.padStart(8), themRight?.padStart(8)].join('  ');
}

async function compare(networks: readonly Network[], linux: Tool): Promise<void> {
  for (const { name, runs, measure } of networks) {
    const [ours = [], theirs = []] = await inTurn([
      { runs, measure: () => measure(OURS) },
      { runs, measure: () => measure(linux) },
    ]);
    console.log(row(name, ours, theirs));
  }
}

/** Measures and prints everything; says so where Linux traceroute is not installed. */
export async function againstLinux(): Promise<void> {
  const linux = peer('traceroute');
  if (!linux) {
    console.log('\nLinux traceroute is not installed (apt-get install traceroute)');
    return;
  }
  console.log(`\n${'network'.padEnd(36)}       ours      Linux   ratio  ours right  Linux right`);
  await compare(kernels, linux);
  const lab = await openLab();
  try {
    for (const { name, path, args } of paths) {
      await lab.take(path);
      const last = name.startsWith('silent') ? /^30 {2}\* \* \*$/ : / 10\.99\.0\.1 /;
      const measure = (tool: Tool): Promise<Measured> => timed(lab.tracer, tool, [...args, TARGET], last);
      await compare([{ name, runs: 3, measure }], linux);
    }
  } finally {
    lab.close();
  }
}
