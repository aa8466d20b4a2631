/** The recorded cases over IPv6, in memory: the same form of output, and the wire as IPv6 has it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareRun } from '../sim/compare-run.ts';
import { recordedCases } from '../sim/recorded.ts';
import { runInMemory } from '../sim/run-in-memory.ts';
import { twin6 } from '../sim/twin6.ts';
import { settle } from './settle.ts';

describe('recorded cases over IPv6 in memory', () => {
  const pairs = recordedCases().flatMap((recorded) => {
    const twin = twin6(recorded);
    return twin ? [{ recorded, twin }] : [];
  });
  for (const { recorded, twin } of pairs) {
    it(twin.name, async () => {
      const run = await runInMemory(twin);
      settle(recorded.name, 'memory6', compareRun(twin, run));
      assert.deepEqual(
        run.probes.filter(({ flow }) => flow !== 0),
        [],
        'the flow label is that of IPv6, and the same over the run',
      );
    });
  }

  it('hold no IPv4 address', () => {
    const text = JSON.stringify(pairs.map(({ twin }) => [twin.argv, twin.stdout, twin.stderr]));
    assert.doesNotMatch(text, /\b(?:10|192|198|203)\.\d+\.\d/);
  });
});
