/** Marks of plain traces over drawn networks of all kinds, with fixed seeds; `npm run matrix:accuracy -- --plain` runs over more. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PLAIN_KINDS } from './kinds.ts';
import { plainNetworkOf } from './network.ts';
import { runPlain, type PlainRun } from './run.ts';

const SEEDS = [1, 2];

async function runsOver(kind: string, seeds: readonly number[]): Promise<readonly PlainRun[]> {
  const runs: PlainRun[] = [];
  for (const seed of seeds) runs.push(await runPlain(plainNetworkOf(seed, kind)));
  return runs;
}

describe('a plain trace of TCP over a network of the kind', () => {
  for (const kind of Object.keys(PLAIN_KINDS)) {
    it(`${kind} marks no answer of the target’s`, async () => {
      const wrong = (await runsOver(kind, SEEDS)).filter(({ mark }) => mark === 'false mark');
      assert.deepEqual(
        wrong.map(
          ({ network: { seed, probe } }) => `seed ${seed}: ${probe.command} ${probe.options.join(' ')}`,
        ),
        [],
      );
    });
  }
});

describe('a plain trace of TCP over a forger that lets some probes pass', () => {
  for (const [kind, least] of [
    ['injected', 0.6],
    ['reset-below', 0.25],
    ['proxy-below', 0.25],
  ] as const) {
    it(`marks the answer where routers further on are heard: ${kind}`, async () => {
      const runs = await runsOver(
        kind,
        Array.from({ length: 24 }, (_, index) => index + 1),
      );
      const [marked, missed] = (['marked', 'missed'] as const).map(
        (mark) => runs.filter((run) => run.mark === mark).length,
      );
      assert.ok(
        (marked ?? 0) >= least * ((marked ?? 0) + (missed ?? 0)),
        `${marked} marked, ${missed} missed`,
      );
    });
  }
});
