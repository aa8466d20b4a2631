/** Every recorded case over IPv6, in memory: the same output form, and the wire as IPv6 has it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { main } from '../../src/main.ts';
import { normalise } from '../sim/normalise.ts';
import { compareProbes, recordedCases, type RecordedCase } from '../sim/recorded.ts';
import { SimWorld } from '../sim/sim-world.ts';
import { twin6 } from '../sim/twin6.ts';

async function replay({ dialect, argv, topo, rc, stdout, stderr, probes }: RecordedCase): Promise<void> {
  const world = new SimWorld(topo);
  const status = await world.clock.run(main(dialect, dialect, argv, world));
  assert.equal(normalise(world.out), stdout);
  assert.equal(normalise(world.err), stderr);
  assert.equal(status, rc);
  const sent = world.transport?.probes ?? [];
  assert.deepEqual(compareProbes(probes, sent), []);
  assert.deepEqual(
    sent.filter(({ flow }) => flow !== 0),
    [],
    'the flow label is that of IPv6, and the same over the run',
  );
  if (probes.length === 0) assert.deepEqual(sent, [], 'nothing may be sent');
}

describe('recorded cases over IPv6 in memory', () => {
  const twins = recordedCases().flatMap((recorded) => twin6(recorded) ?? []);
  for (const twin of twins) it(twin.name, () => replay(twin));

  it('are all that mean something in IPv6', () => {
    assert.equal(twins.length, recordedCases().length - 1);
    const text = JSON.stringify(twins.map(({ argv, stdout, stderr }) => [argv, stdout, stderr]));
    assert.doesNotMatch(text, /\b10\.\d/, 'no IPv4 address is left in them');
  });
});
