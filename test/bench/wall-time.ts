/** Compares wall time and memory of whole commands with those of their peers, over the same paths in the lab. */
import type { Lab } from '../lab/lab.ts';
import { barChart, type BarGroup } from './bar-chart.ts';
import { inTurn, median, wallMs } from './measure.ts';
import { scenarios, TARGET, type Scenario } from './paths.ts';
import { peakKilobytes } from './peak-memory.ts';
import { verdict, type Section } from './table.ts';
import { OUR_TCPTRACEROUTE, OURS, peer, type Tool } from './tools.ts';

const RUNS = 15;

interface Contender {
  readonly tool: Tool;
  readonly args: readonly string[];
  readonly runs: number;
  /** Our time over its time; at most this. */
  readonly goal?: number;
}

function contender(name: string, args: readonly string[], runs: number, goal?: number): Contender[] {
  const tool = peer(name);
  return tool ? [{ tool, args, runs, ...(goal === undefined ? {} : { goal }) }] : [];
}

/** Chooses who runs. Tools that are slow on any path run over the first one only. */
function contendersOf({ args, goal, peerRuns }: Scenario, isFirst: boolean): Contender[] {
  return [
    { tool: OURS, args: [...args, TARGET], runs: RUNS },
    ...contender('traceroute', [...args, TARGET], peerRuns, goal),
    ...(isFirst
      ? [
          ...contender('scamper', ['-n', '127.0.0.1', '-I', `trace -P udp-paris ${TARGET}`], 2),
          ...contender('mtr', ['-n', '-r', '-u', '-c', '3', TARGET], 2),
          { tool: OUR_TCPTRACEROUTE, args: ['-n', TARGET, '80'], runs: RUNS },
          ...contender('tcptraceroute', ['-n', TARGET, '80'], 2),
        ]
      : []),
  ];
}

interface Result extends Contender {
  readonly wallMs: number;
  readonly peakKilobytes: number | undefined;
}

async function measure(lab: Lab, scenario: Scenario, isFirst: boolean): Promise<Result[]> {
  await lab.take({ ...scenario.path, dst: { ...scenario.path.dst, tcp_default: 'open' } });
  const contenders = contendersOf(scenario, isFirst);
  const times = await inTurn(
    contenders.map(({ tool, args, runs }) => ({
      runs,
      measure: () => wallMs(lab, tool.command, [...tool.first, ...args]),
    })),
  );
  const results: Result[] = [];
  for (const [index, each] of contenders.entries()) {
    const peak = isFirst
      ? await peakKilobytes(lab, each.tool.command, [...each.tool.first, ...each.args])
      : undefined;
    results.push({ ...each, wallMs: median(times[index] ?? []), peakKilobytes: peak });
  }
  return results;
}

function rowsOf(scenario: Scenario, results: readonly Result[]): string[][] {
  let ours = results[0]; // our command stands above its peers
  return results.map((result) => {
    const isOurs = result.tool === OURS || result.tool === OUR_TCPTRACEROUTE;
    if (isOurs) ours = result;
    const ratio = (ours?.wallMs ?? NaN) / result.wallMs;
    const { goal, peakKilobytes: peak } = result;
    return [
      scenario.name,
      result.tool.name,
      `${result.wallMs.toFixed(0)} ms`,
      isOurs ? '' : ratio.toFixed(2),
      goal === undefined ? '' : `<= ${goal}`,
      goal === undefined ? '' : verdict(ratio, goal),
      peak === undefined ? '' : `${(peak / 1024).toFixed(1)} MiB`,
    ];
  });
}

function groupOf({ name }: Scenario, results: readonly Result[]): BarGroup {
  const bars = results.map(({ tool, wallMs: value }) => {
    const isOurs = tool === OURS || tool === OUR_TCPTRACEROUTE;
    return { label: tool.name, value, text: `${value.toFixed(0)} ms`, isOurs };
  });
  return { title: name, bars };
}

/** Measures all contenders in turn, path by path. */
export async function wallTime(lab: Lab): Promise<Section> {
  const rows: string[][] = [];
  const groups: BarGroup[] = [];
  const bare = await inTurn([{ runs: RUNS, measure: () => wallMs(lab, process.execPath, ['-e', '0']) }]);
  for (const scenario of scenarios) {
    const results = await measure(lab, scenario, scenario === scenarios[0]);
    rows.push(...rowsOf(scenario, results));
    groups.push(groupOf(scenario, results));
  }
  const bareMs = median(bare[0] ?? []).toFixed(0);
  return {
    title: 'Wall time',
    text: [
      'Whole commands, from starting the process to its end, over the same path in turn; medians. Every tool runs',
      "with its own defaults. The ratio is ours over the tool's. Node by itself (`node -e 0`) takes",
      `${bareMs} ms here.`,
    ].join('\n'),
    tables: [{ head: ['path', 'tool', 'time', 'ratio', 'goal', 'reached', 'peak memory'], rows }],
    picture: {
      file: 'wall-time.svg',
      description: 'Wall time of whole commands, by path and tool',
      svg: barChart('Wall time of whole commands (each path has its own scale)', groups),
    },
  };
}
