/**
 * `npm run matrix:accuracy [-- COUNT] [--seed N] [--kind K] [--wrong] [--write] [--lab]` counts how often the verdicts of a
 * matrix are right, over networks of all kinds, or of one. Networks have the seeds N, N + 1, ... `--wrong` prints each verdict that
 * claims what is not so: seed, kind, command, column, verdict and truth. `--write` puts the tables into
 * docs/matrix-accuracy.md too. `--lab` runs the built command over real packets, as root, in place of virtual time. The status is 1 where a run gave no verdicts.
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
import { argvOf, runOver, type Run } from '../matrix/accuracy/run.ts';
import { isFalse, judgeRun, type Judged } from '../matrix/accuracy/score.ts';
import { byConfidence, byKind } from '../matrix/accuracy/tables.ts';
import { coursesOf } from '../matrix/accuracy/truth.ts';

const USAGE = 'npm run matrix:accuracy [-- COUNT] [--seed N] [--kind K] [--wrong] [--write] [--lab]';

const PAGE = new URL('../../docs/matrix-accuracy.md', import.meta.url);
const TABLES = /(<!-- tables -->\n).*(<!-- end of tables -->)/s;

interface Order {
  readonly first: number;
  readonly count: number;
  readonly kind?: string;
  readonly wrong: boolean;
  readonly write: boolean;
  readonly lab: boolean;
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
    },
  });
  const { kind, wrong, write, lab } = values;
  if (positionals.length > 1) throw new Error(`one count is enough: ${positionals.join(' ')}`);
  if (kind !== undefined && !(kind in KINDS)) {
    throw new Error(`no such kind of network: ${kind} (one of ${Object.keys(KINDS).join(', ')})`);
  }
  const count = wholeNumber(positionals[0] ?? '2000', 'the count');
  const first = wholeNumber(values.seed, '--seed');
  return { first, count, wrong, write, lab, ...(kind === undefined ? {} : { kind }) };
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

/** Puts the tables in the place of those that the page has. */
function writeTables(tables: string): void {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(TABLES, (_, start: string, end: string) => `${start}\n${tables}\n${end}`),
  );
}

try {
  const order = readOrder();
  const judged = await judgeAll(order);
  const tables = `${byConfidence(judged)}\n${byKind(judged)}`;
  console.log(tables);
  if (order.write) writeTables(tables);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\nusage: ${USAGE}`);
  process.exitCode = 2;
}
