/** `npm run fuzz`: fuzzes the targets one after the other, and ends with status 1 at the first broken promise. */
import { parseArgs } from 'node:util';
import { seededRandom } from '../sim/random.ts';
import { hexOf } from '../support/hex.ts';
import { keep, keptInputs } from './corpus.ts';
import { Coverage } from './coverage.ts';
import { fuzz, type Effort } from './fuzzer.ts';
import type { Target } from './target.ts';
import { targets } from './targets/index.ts';
import { ladder } from './targets/ladder.ts';

const USAGE = `npm run fuzz -- [--target NAME]... [--seconds N | --inputs N] [--seed N] [--keep]
  --target   one of ${targets.map(({ name }) => name).join(', ')}; all
  --seconds  of each target; 10
  --inputs   of each target, instead of a time: then a seed gives the same run again
  --seed     of the first target; of the clock
  --keep     adds what reaches new code to test/golden/fuzz`;

const SOURCES = /\/(src|probes)\/|dns-packet|fuzz\/targets\/ladder/;

function effortOf(seed: number, inputs: number | undefined, seconds: number): Effort {
  const endMs = performance.now() + 1000 * seconds;
  return {
    random: seededRandom(seed),
    goesOn: (done) => (inputs === undefined ? performance.now() < endMs : done < inputs),
  };
}

/** Fuzzes one target and prints a line about it. Answers whether it kept its promises. */
function run(target: Target, coverage: Coverage, effort: Effort, keeps: boolean): boolean {
  const { inputs, found, slowestMs, failure } = fuzz(target, keptInputs(target.name), coverage, effort);
  const facts = `${inputs} inputs, ${found.length} reached new code, slowest ${slowestMs.toFixed(2)} ms`;
  console.log(`${target.name}: ${facts}, ${coverage.total} octets of the sources covered`);
  if (keeps) keep(target.name, found);
  if (!failure) return true;
  console.log(`\n${target.name} breaks a promise: ${failure.error.stack ?? failure.error.message}`);
  console.log(
    `\nAdd this input to test/golden/fuzz/${target.name}.hex once it is mended:\n${hexOf(failure.input)}`,
  );
  return false;
}

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true },
    seconds: { type: 'string', default: '10' },
    inputs: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const asked = values.target;
const wanted = asked ? [...targets, ladder].filter(({ name }) => asked.includes(name)) : targets;
if (values.help || wanted.length === 0) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 1);
}
console.log(`seed ${values.seed}`);
const coverage = new Coverage((url) => SOURCES.test(url));
const inputs = values.inputs === undefined ? undefined : Number(values.inputs);
const isSound = wanted.every((target) =>
  run(target, coverage, effortOf(Number(values.seed), inputs, Number(values.seconds)), values.keep),
);
process.exitCode = isSound ? 0 : 1;
