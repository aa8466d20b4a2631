/** The recorded cases over real packets: the built commands, as processes, against a path played in a namespace. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { normalise } from '../sim/normalise.ts';
import { compareProbes, recordedCases, type RecordedCase } from '../sim/recorded.ts';
import { labMissing, openLab, type Lab } from './lab.ts';

const missing = labMissing();

/** The built command of a dialect. */
function commandOf(dialect: string): string {
  return fileURLToPath(new URL(`../../dist/${dialect}.js`, import.meta.url));
}

async function replay(lab: Lab, recorded: RecordedCase): Promise<void> {
  const { dialect, argv, topo, rc, stdout, stderr, probes } = recorded;
  await lab.take(topo);
  const result = await lab.run(process.execPath, [commandOf(dialect), ...argv]);
  assert.equal(normalise(result.stderr), stderr);
  assert.equal(normalise(result.stdout), stdout);
  assert.equal(result.status, rc);
  assert.deepEqual(compareProbes(probes, result.probes), []);
  if (probes.length === 0) assert.deepEqual(result.probes, [], 'nothing may be sent');
}

describe('recorded cases over real packets', { skip: missing ?? false }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => {
    lab.close();
  });
  for (const recorded of recordedCases()) {
    it(recorded.name, () => replay(lab, recorded));
  }
});
