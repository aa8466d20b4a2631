/** Covers all that is fuzzed: what was found before, and 10 seconds of new inputs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { ended } from '../lab/command.ts';
import { seededRandom } from '../sim/random.ts';
import { keptInputs } from './corpus.ts';
import { timed } from './fuzzer.ts';
import { mutated } from './mutate.ts';
import { targets } from './targets/index.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
/** Of each target; of all together some ten seconds. */
const INPUTS = 2048;

/** Runs `npm run fuzz` without a coverage of ours: V8 has one count for all who ask. */
async function fuzzed(...args: readonly string[]): Promise<{ status: number | null; stdout: string }> {
  const env = { ...process.env, NODE_V8_COVERAGE: '' };
  const argv = ['--import', import.meta.resolve('tsx'), MAIN, ...args];
  const { status, stdout, stderr } = await ended(spawn(process.execPath, argv, { env }));
  assert.equal(stderr, '');
  return { status, stdout };
}

describe('every input that was found', () => {
  for (const target of targets) {
    it(`is taken in its time: ${target.name}`, () => {
      for (const input of [...target.seeds, ...keptInputs(target.name)])
        assert.equal(timed(target, input).error, undefined);
    });
  }
});

describe('the fuzzer', () => {
  it('breaks no promise of any target with inputs that a seed makes', async () => {
    const { status, stdout } = await fuzzed('--inputs', String(INPUTS), '--seed', '1');
    assert.equal(status, 0, stdout);
    for (const { name } of targets) assert.match(stdout, new RegExp(`^${name}: ${INPUTS} inputs, `, 'm'));
  });

  it('finds a way that four octets in a row open, led by coverage, and says what it fed', async () => {
    const { status, stdout } = await fuzzed('--target', 'ladder', '--inputs', '100000', '--seed', '1');
    assert.equal(status, 1, stdout);
    assert.match(stdout, /^ladder breaks a promise: Error: the end of the ladder$/m);
    assert.match(stdout, /^(?:[0-9a-f]{2})*e12f87c4(?:[0-9a-f]{2})*$/m);
  });

  it('makes the same inputs of the same seed, none larger than the target has them', () => {
    const material = {
      corpus: [Uint8Array.of(1, 2, 3), new Uint8Array(9)],
      words: [Uint8Array.of(7)],
      largest: 300,
    };
    const made = (seed: number): string[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 2000 }, () => Buffer.from(mutated(material, random)).toString('hex'));
    };
    assert.deepEqual(made(5), made(5));
    assert.notDeepEqual(made(5), made(6));
    assert.ok(
      made(5).some(({ length }) => length > 400),
      'some grow',
    );
    assert.ok(made(5).every(({ length }) => length <= 600));
  });
});
