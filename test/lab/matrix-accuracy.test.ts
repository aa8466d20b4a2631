/** Covers --matrix over drawn networks of all kinds: real packets, a kernel, the built command. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { networkOf } from '../matrix/accuracy/network.ts';
import { isFalse, judgeRun } from '../matrix/accuracy/score.ts';
import { labMissing, openLab } from './lab.ts';
import { runOverPackets } from './network-run.ts';
import { Pool } from './pool.ts';

const FIRST_SEED = 1001;
/** All side by side, each in a lab: one takes longer than the others together. */
const NETWORKS = 6;

describe('verdicts over real packets', { skip: labMissing() ?? false, concurrency: NETWORKS }, () => {
  const labs = new Pool(openLab);
  before(() => labs.open(NETWORKS));
  after(() => {
    labs.close();
  });
  for (let seed = FIRST_SEED; seed < FIRST_SEED + NETWORKS; seed++) {
    const network = networkOf(seed);
    it(`claim nothing that is not so: seed ${seed}, ${network.kind}`, async () => {
      const run = await labs.with((lab) => runOverPackets(lab, network));
      const wrong = judgeRun(network, run).filter(isFalse);
      assert.deepEqual(
        wrong.map(({ verdict }) => `${verdict.probe}: ${verdict.text}`),
        [],
      );
    });
  }
});
