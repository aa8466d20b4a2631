/** Verdicts over drawn networks of all kinds, with fixed seeds; `npm run matrix:accuracy` runs over 2,000. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KINDS } from './kinds/index.ts';
import { networkOf } from './network.ts';
import { runOver } from './run.ts';
import { isFalse, judgeRun } from './score.ts';

const SEEDS = [1, 2];
describe('verdicts over a network of the kind', () => {
  for (const kind of Object.keys(KINDS)) {
    it(`${kind} claim nothing that is not so`, async () => {
      for (const seed of SEEDS) {
        const network = networkOf(seed, kind);
        const judged = judgeRun(network, await runOver(network));
        assert.ok(judged.length >= network.typed.columns.length);
        const wrong = judged
          .filter(isFalse)
          .map(({ verdict }) => `seed ${seed}: ${verdict.probe} ${verdict.text}`);
        assert.deepEqual(wrong, []);
      }
    });
  }
});
