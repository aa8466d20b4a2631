/** Every recorded case of the original programs, over the simulated network: same text, same probes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { main } from '../../src/main.ts';
import { normalise } from '../sim/normalise.ts';
import { compareProbes, recordedCases, type RecordedCase } from '../sim/recorded.ts';
import { SimWorld } from '../sim/sim-world.ts';

async function replay({ dialect, argv, topo, rc, stdout, stderr, probes }: RecordedCase): Promise<void> {
  const world = new SimWorld(topo);
  const status = await world.clock.run(main(dialect, dialect, argv, world));
  assert.equal(normalise(world.out), stdout);
  assert.equal(normalise(world.err), stderr);
  assert.equal(status, rc);
  assert.deepEqual(compareProbes(probes, world.transport?.probes ?? []), []);
  if (probes.length === 0) assert.equal(world.transport?.sent.length ?? 0, 0, 'nothing may be sent');
}

describe('recorded cases in memory', () => {
  for (const recorded of recordedCases()) {
    it(recorded.name, () => replay(recorded));
  }
});
