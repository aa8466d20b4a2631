/** Measures how far the times that tools print are from those on the wire. */
import { ended, mustRun } from '../lab/command.ts';
import type { Lab } from '../lab/lab.ts';
import { barChart, type BarGroup } from './bar-chart.ts';
import { captured } from './capture.ts';
import { inTurn, median, quantile } from './measure.ts';
import { LONG_PATH, TARGET } from './paths.ts';
import { printedRttsUs } from './printed-rtts.ts';
import { verdict, type Section } from './table.ts';
import { OURS, peer } from './tools.ts';
import { wireRttsUs } from './wire-times.ts';

const AS_NOBODY = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--inh-caps=-all'];

interface Way {
  readonly tool: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Microseconds that its goals lie above those of our command as root; undefined where it has no goal. */
  readonly moreUs: number | undefined;
}

interface Mode {
  readonly name: string;
  readonly ours: readonly string[];
  readonly linux: readonly string[];
  readonly runs: number;
  /** The largest median and p95, in microseconds, given the median of Linux traceroute. */
  readonly goal: (linuxUs: number) => { readonly median: number; readonly p95: number };
}

const MODES: readonly Mode[] = [
  {
    name: '90 in flight',
    ours: ['--parallel', '90'],
    linux: ['-N', '90'],
    runs: 10,
    goal: () => ({ median: 3, p95: 8 }),
  },
  {
    name: 'one by one',
    ours: ['--parallel', '1'],
    linux: ['-N', '1'],
    runs: 3,
    goal: (linuxUs) => ({ median: 1.5 * linuxUs, p95: Infinity }),
  },
];

function waysOf({ ours, linux }: Mode): Way[] {
  const args = [...OURS.first, '-n', ...ours, TARGET];
  const { command } = OURS;
  const theirs = peer('traceroute');
  return [
    { tool: 'polytrace', command, args, moreUs: 0 },
    { tool: 'polytrace, no root', command: 'setpriv', args: [...AS_NOBODY, command, ...args], moreUs: 2 },
    {
      ...{ tool: 'polytrace, raw-socket', command, moreUs: undefined },
      args: [...OURS.first, '-n', '--transport', 'raw-socket', ...ours, TARGET],
    },
    ...(theirs
      ? [
          {
            ...{ tool: theirs.name, command: theirs.command, moreUs: undefined },
            args: ['-n', ...linux, TARGET],
          },
        ]
      : []),
  ];
}

/** Answers printed minus true time, in microseconds, for each probe that has both. */
async function errorsUs(lab: Lab, { command, args }: Way): Promise<number[]> {
  await lab.probes(); // the responder has nothing left to do
  const where = { namespace: lab.tracer, device: 'tun0', filter: 'udp or icmp' };
  const { result, datagrams } = await captured(where, () => ended(lab.spawn(command, args)));
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr}`);
  const truth = wireRttsUs(datagrams);
  return printedRttsUs(result.stdout).flatMap((printed, index) => {
    const real = truth[index];
    return printed === undefined || real === undefined ? [] : [printed - real];
  });
}

interface Result {
  readonly way: Way;
  readonly count: number;
  readonly median: number;
  readonly p95: number;
}

async function measure(lab: Lab, mode: Mode): Promise<Result[]> {
  const ways = waysOf(mode);
  const errors = await inTurn(ways.map((way) => ({ runs: mode.runs, measure: () => errorsUs(lab, way) })));
  return ways.map((way, index) => {
    const all = (errors[index] ?? []).flat();
    return { way, count: all.length, median: median(all), p95: quantile(all, 0.95) };
  });
}

function rowOf({ name, goal }: Mode, result: Result, linuxUs: number): string[] {
  const { way, count } = result;
  const us = (value: number): string => `${value.toFixed(1)} us`;
  const cells = [name, way.tool, String(count), us(result.median), us(result.p95)];
  if (way.moreUs === undefined) return [...cells, '', ''];
  const most = { median: goal(linuxUs).median + way.moreUs, p95: goal(linuxUs).p95 + way.moreUs };
  const words = [most.median, most.p95].filter(Number.isFinite).map((value) => value.toFixed(1));
  const isReached = verdict(result.median, most.median) === 'yes' && verdict(result.p95, most.p95) === 'yes';
  return [...cells, words.length === 0 ? '' : `<= ${words.join(', ')}`, isReached ? 'yes' : 'no'];
}

function groupOf({ name }: Mode, results: readonly Result[]): BarGroup {
  const bars = results.map(({ way, median: middle, p95 }) => ({
    label: way.tool,
    isOurs: way.tool.startsWith('polytrace'),
    value: Math.max(0, middle),
    behind: Math.max(0, middle, p95),
    text: `${middle.toFixed(1)} us, p95 ${p95.toFixed(1)} us`,
  }));
  return { title: name, bars };
}

/** Measures each way to send in turn, with many probes in flight and one by one. */
export async function timeError(lab: Lab): Promise<Section> {
  await lab.take(LONG_PATH);
  mustRun('ip', ['netns', 'exec', lab.tracer, 'sysctl', '-qw', 'net.ipv4.ping_group_range=0 2147483647']);
  const rows: string[][] = [];
  const groups: BarGroup[] = [];
  for (const mode of MODES) {
    const results = await measure(lab, mode);
    const linuxUs = results.find(({ way }) => way.tool === 'traceroute')?.median ?? NaN;
    rows.push(...results.map((result) => rowOf(mode, result, linuxUs)));
    groups.push(groupOf(mode, results));
  }
  return {
    title: 'RTT error',
    text: [
      'Printed time minus the time between probe and reply on the wire (tcpdump, nanoseconds, on the interface that',
      'the tool sends on), over thirty hops of 2, 10 and 50 ms, three UDP probes each. tcpdump stamps a probe within',
      "the send call, after a program has read its own clock: some microseconds are everybody's. The goals are for",
      'the median and the p95; one by one, 1.5 times what Linux traceroute reaches.',
    ].join('\n'),
    tables: [{ head: ['what', 'tool', 'compared', 'median', 'p95', 'goal', 'reached'], rows }],
    picture: {
      file: 'rtt-error.svg',
      description: 'RTT error over the wire, median and 95th percentile, by tool',
      svg: barChart('RTT error over the wire: median, and p95 in the lighter bar', groups),
    },
  };
}
