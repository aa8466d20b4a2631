/** Compares the wall time of a matrix of six columns with that of one column, and of six runs in a row. */
import type { Lab } from '../lab/lab.ts';
import { inTurn, median, wallMs } from './measure.ts';
import { scenarios, TARGET } from './paths.ts';
import { verdict, type Section } from './table.ts';
import { OURS } from './tools.ts';

const RUNS = 9;
const COLUMNS = ['icmp', 'udp', 'tcp/80', 'tcp/443', 'gre', 'sctp'];
const GOAL = 1.5;

/** Measures the three in turn, over the first path. */
export async function matrixTime(lab: Lab): Promise<Section> {
  const [scenario] = scenarios;
  if (!scenario) throw new Error('no path to measure over');
  const { path, name } = scenario;
  await lab.take({ ...path, dst: { ...path.dst, tcp_default: 'open', proto_default: 'unreach' } });
  const timeOf = (probes: string) => () =>
    wallMs(lab, OURS.command, [...OURS.first, '-n', '--matrix', probes, TARGET]);
  const traces = async () => {
    let totalMs = 0;
    for (const column of COLUMNS) totalMs += await timeOf(column)();
    return totalMs;
  };
  const times = await inTurn([
    { runs: RUNS, measure: timeOf('icmp') },
    { runs: RUNS, measure: timeOf(COLUMNS.join()) },
    { runs: 3, measure: traces },
  ]);
  const [oneMs = NaN, sixMs = NaN, inARowMs = NaN] = times.map(median);
  const row = (what: string, ms: number): string[] => [what, `${ms.toFixed(0)} ms`, (ms / oneMs).toFixed(2)];
  return {
    title: 'A matrix',
    text: [
      `\`--matrix\` over the path "${name}", whole commands in turn; medians. The ratio is to one column.`,
      `The columns are ${COLUMNS.join(', ')}.`,
    ].join('\n'),
    tables: [
      {
        head: ['what', 'time', 'ratio', 'goal', 'reached'],
        rows: [
          [...row('one column (icmp)', oneMs), '', ''],
          [...row('six columns', sixMs), `<= ${GOAL}`, verdict(sixMs / oneMs, GOAL)],
          [...row('six runs of one column', inARowMs), '', ''],
        ],
      },
    ],
  };
}
