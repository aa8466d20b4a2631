/** Measures the time from starting the process to the first probe on the wire, and to the end of a short run. */
import { loadLibc } from '../../src/net/linux/libc.ts';
import { CLOCK_REALTIME } from '../../src/net/linux/constants.ts';
import { ended } from '../lab/command.ts';
import { openRouters, type Routers } from '../lab/routers.ts';
import { captured } from './capture.ts';
import { inTurn, median, spawnNear } from './measure.ts';
import { verdict, type Section } from './table.ts';
import { OURS, peer, type Tool } from './tools.ts';

const RUNS = 41;
/** Ten hops: nine routers and the target. */
const ROUTERS = 9;
const FIRST_PACKET_GOAL_MS = 12;
const WHOLE_RUN_GOAL = 1.5;

/** Reads the clock that stamps captures, in nanoseconds since 1970. */
function realtimeNs(): bigint {
  const libc = loadLibc();
  const { octets, view } = libc.allocate(libc.layout.time.size);
  libc.check(libc.call('clock_gettime')(CLOCK_REALTIME, octets));
  return view.getBigInt64(0, true) * 1_000_000_000n + view.getBigInt64(8, true);
}

interface Start {
  /** Until the first packet is on the wire; undefined when there was none. */
  readonly firstPacketMs: number | undefined;
  readonly wholeMs: number;
}

async function run(routers: Routers, command: string, args: readonly string[]): Promise<Start> {
  const namespace = routers.namespaceOf('src');
  const { result, datagrams } = await captured({ namespace, device: 'right', filter: 'udp' }, async () => {
    const startNs = realtimeNs();
    const startMs = performance.now();
    const { status, stderr } = await ended(spawnNear(namespace, command, args));
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
    return { startNs, wholeMs: performance.now() - startMs };
  });
  const first = datagrams[0]?.atNs;
  const firstPacketMs = first === undefined ? undefined : Number(first - result.startNs) / 1e6;
  return { firstPacketMs, wholeMs: result.wholeMs };
}

function medians(starts: readonly Start[]): { firstMs: number; wholeMs: number } {
  return {
    firstMs: median(starts.flatMap(({ firstPacketMs }) => firstPacketMs ?? [])),
    wholeMs: median(starts.map(({ wholeMs }) => wholeMs)),
  };
}

/** Measures bare Node, our traceroute and Linux traceroute in turn, over a chain of kernel routers. */
export async function startUp(): Promise<Section> {
  const routers = openRouters(ROUTERS);
  try {
    const target = routers.destination[4];
    const bareNode: Tool = { name: 'node -e 0', command: process.execPath, first: ['-e', '0'] };
    const theirs = peer('traceroute');
    const tools = [bareNode, OURS, ...(theirs ? [theirs] : [])];
    const starts = await inTurn(
      tools.map((tool) => {
        const args = tool === bareNode ? tool.first : [...tool.first, '-n', target];
        return { runs: RUNS, measure: () => run(routers, tool.command, args) };
      }),
    );
    const [bare, ours] = starts.map(medians);
    return sectionOf(tools, starts.map(medians), bare?.wholeMs ?? NaN, ours);
  } finally {
    routers.close();
  }
}

function sectionOf(
  tools: readonly Tool[],
  results: readonly { firstMs: number; wholeMs: number }[],
  bareMs: number,
  ours = { firstMs: NaN, wholeMs: NaN },
): Section {
  const shown = (ms: number): string => (Number.isNaN(ms) ? '' : `${ms.toFixed(1)} ms`);
  const beyondMs = ours.firstMs - bareMs;
  const ratio = ours.wholeMs / bareMs;
  return {
    title: 'Start-up',
    text: [
      `A chain of ten kernel hops that answer at once, three probes each; medians of ${RUNS} runs. The first packet`,
      'is timed by tcpdump from the moment the process is started; all rows include `nsenter`, 1 ms.',
    ].join('\n'),
    tables: [
      {
        head: ['tool', 'first packet', 'whole run'],
        rows: tools.map(({ name }, index) => [
          name,
          shown(results[index]?.firstMs ?? NaN),
          shown(results[index]?.wholeMs ?? NaN),
        ]),
      },
      {
        head: ['what', 'measured', 'goal', 'reached'],
        rows: [
          [
            'first packet after bare Node',
            `${beyondMs.toFixed(1)} ms`,
            `<= ${FIRST_PACKET_GOAL_MS} ms`,
            verdict(beyondMs, FIRST_PACKET_GOAL_MS),
          ],
          [
            'whole run over bare Node',
            `${ratio.toFixed(2)} x`,
            `<= ${WHOLE_RUN_GOAL} x`,
            verdict(ratio, WHOLE_RUN_GOAL),
          ],
        ],
      },
    ],
  };
}
