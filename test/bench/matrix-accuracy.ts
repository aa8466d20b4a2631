/**
 * `npm run matrix:accuracy [-- COUNT] [--seed N] [--kind K] [--wrong] [--write] [--lab | --plain]` counts how often the verdicts of a
 * matrix are right, over networks of all kinds, or of one. Networks have the seeds N, N + 1, ... `--wrong` prints each verdict that
 * claims what is not so: seed, kind, command, column, verdict and truth. `--write` puts the tables into
 * docs/matrix-accuracy.md too. `--lab` runs the built command over real packets, as root, in place of virtual time. `--plain` counts instead
 * how often plain traces of TCP mark the target's own answer, or miss a forged one. The status is 1 where a run gave no verdicts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { labMissing, openLab } from '../lab/lab.ts';
import { Pool } from '../lab/pool.ts';
import { runOverPackets } from '../lab/network-run.ts';
import { LABS } from '../lab/replay-case.ts';
import { columnOf } from '../matrix/accuracy/columns.ts';
import { KINDS } from '../matrix/accuracy/kinds/index.ts';
import { networkOf, type Network } from '../matrix/accuracy/network.ts';
import { PLAIN_KINDS } from '../matrix/accuracy/plain/kinds.ts';
import { plainNetworkOf } from '../matrix/accuracy/plain/network.ts';
import { runPlain, type PlainRun } from '../matrix/accuracy/plain/run.ts';
import { marksByKind, shareOfMarks } from '../matrix/accuracy/plain/tables.ts';
import { argvOf, runOver, type Run } from '../matrix/accuracy/run.ts';
import { isFalse, judgeRun, type Judged } from '../matrix/accuracy/score.ts';
import { byConfidence, byKind } from '../matrix/accuracy/tables.ts';
import { coursesOf } from '../matrix/accuracy/truth.ts';

const USAGE =
  'npm run matrix:accuracy [-- COUNT] [--seed N] [--kind K] [--wrong] [--write] [--lab | --plain]';

const PAGE = new URL('../../docs/matrix-accuracy.md', import.meta.url);

interface Order {
  readonly first: number;
  readonly count: number;
  readonly kind?: string;
  readonly wrong: boolean;
  readonly write: boolean;
  readonly lab: boolean;
  readonly plain: boolean;
}

/** @throws Error when the command line makes no sense */
function readOrder(): Order {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      kind: { type: 'string' },
      wrong: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      lab: { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
    },
  });
  const { kind, wrong, write, lab, plain } = values;
  if (positionals.length > 1) throw new Error(`one count is enough: ${positionals.join(' ')}`);
  const kinds = Object.keys(plain ? PLAIN_KINDS : KINDS);
  if (kind !== undefined && !kinds.includes(kind)) {
    throw new Error(`no such kind of network: ${kind} (one of ${kinds.join(', ')})`);
  }
  if (lab && plain) throw new Error('--plain runs in virtual time alone');
  const count = wholeNumber(positionals[0] ?? '2000', 'the count');
  const first = wholeNumber(values.seed, '--seed');
  return { first, count, wrong, write, lab, plain, ...(kind === undefined ? {} : { kind }) };
}

function wholeNumber(text: string, name: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} is no whole number: ${text}`);
  return Number(text);
}

function wrongLine({ network, verdict }: Judged): string {
  const { seed, kind, path, loss } = network;
  const truth = coursesOf(network, columnOf(verdict.probe)).flatMap(({ fates }) => fates);
  return JSON.stringify({ seed, kind, argv: argvOf(network), verdict, truth, loss, path });
}

/** Runs over one network. */
type Runner = (network: Network) => Promise<Run>;

async function judgeAll({ first, count, kind, wrong, lab }: Order): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  let next = first;
  const work = async (runner: Runner): Promise<void> => {
    while (next < first + count) {
      const network = networkOf(next++, kind);
      try {
        const verdicts = judgeRun(network, await runner(network));
        judged.push(...verdicts);
        if (wrong) for (const each of verdicts.filter(isFalse)) console.log(wrongLine(each));
      } catch (error) {
        process.exitCode = 1;
        const why = error instanceof Error ? error.message : String(error);
        console.error(`seed ${network.seed}, ${network.kind}: ${why}`);
      }
    }
  };
  await (lab ? inLabs(work) : work(runOver));
  return judged;
}

/** Works in several labs at once: most of the time is waiting. */
async function inLabs(work: (runner: Runner) => Promise<void>): Promise<void> {
  const missing = labMissing();
  if (missing !== undefined) throw new Error(`no lab: ${missing}`);
  const labs = new Pool(openLab);
  try {
    await labs.open(LABS);
    const workers = Array.from({ length: LABS }, () =>
      labs.with((lab) => work((network) => runOverPackets(lab, network))),
    );
    await Promise.all(workers);
  } finally {
    labs.close();
  }
}

async function runAllPlain({ first, count, kind, wrong }: Order): Promise<readonly PlainRun[]> {
  const runs: PlainRun[] = [];
  for (let seed = first; seed < first + count; seed++) {
    const run = await runPlain(plainNetworkOf(seed, kind));
    runs.push(run);
    if (wrong && ['false mark', 'missed'].includes(run.mark)) console.log(JSON.stringify(run));
  }
  return runs;
}

async function countVerdicts(order: Order): Promise<string> {
  const judged = await judgeAll(order);
  return `${byConfidence(judged)}\n${byKind(judged)}`;
}

async function countMarks(order: Order): Promise<string> {
  const runs = await runAllPlain(order);
  return `${shareOfMarks(runs)}\n${marksByKind(runs)}`;
}

/** Puts the tables in the place of those that the page has. */
function writeTables(name: 'tables' | 'marks', tables: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const pattern = new RegExp(`(<!-- ${name} -->\\n).*(<!-- end of ${name} -->)`, 's');
  const written = page.replace(pattern, (_, start: string, end: string) => `${start}\n${tables}\n${end}`);
  writeFileSync(PAGE, written);
}

try {
  const order = readOrder();
  const tables = await (order.plain ? countMarks(order) : countVerdicts(order));
  console.log(tables);
  if (order.write) writeTables(order.plain ? 'marks' : 'tables', tables);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\nusage: ${USAGE}`);
  process.exitCode = 2;
}
