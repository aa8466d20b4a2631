/**
 * `npm run matrix:accuracy [-- COUNT] [--seed N] [--kind K] [--wrong]` counts how often the verdicts of a matrix are
 * right, over networks of all kinds, or of one. Networks have the seeds N, N + 1, ... `--wrong` prints each verdict that
 * claims what is not so: seed, kind, command, column, verdict and truth.
 */
import { parseArgs } from 'node:util';
import { argvOf, runOver } from '../matrix/accuracy/run.ts';
import { columnOf } from '../matrix/accuracy/columns.ts';
import { networkOf } from '../matrix/accuracy/network.ts';
import { isFalse, judgeRun, type Judged } from '../matrix/accuracy/score.ts';
import { byConfidence, byKind } from '../matrix/accuracy/tables.ts';
import { coursesOf } from '../matrix/accuracy/truth.ts';

const DEFAULT_COUNT = '2000';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    kind: { type: 'string' },
    wrong: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const count = Number(positionals[0] ?? DEFAULT_COUNT);

function wrongLine({ network, verdict }: Judged): string {
  const { seed, kind, path, loss } = network;
  const fates = coursesOf(network, columnOf(verdict.probe)).flatMap((course) => course.fates);
  const truth = fates.map((fate) => ({
    ...fate,
    hop: undefined,
    ...('hop' in fate ? { hop: fate.hop } : {}),
  }));
  return JSON.stringify({ seed, kind, verdict, truth, argv: argvOf(network), loss, path });
}

const judged: Judged[] = [];
const failed: string[] = [];
for (let seed = first; seed < first + count; seed++) {
  const network = networkOf(seed, values.kind);
  try {
    const judgements = judgeRun(network, await runOver(network));
    judged.push(...judgements);
    if (values.wrong)
      judgements
        .filter(isFalse)
        .map(wrongLine)
        .forEach((line) => {
          console.log(line);
        });
  } catch (error) {
    failed.push(`seed ${seed} (${network.kind}): ${String(error)}`);
  }
}
console.log(byKind(judged));
console.log(byConfidence(judged));
for (const line of failed) console.log(`failed: ${line}`);
