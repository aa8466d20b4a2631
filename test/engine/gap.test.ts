import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StopReason } from '../../src/model/outcome.ts';
import { ADAPTIVE, drive, pathOf, planOf } from './drive-scheduler.ts';

describe('a gap limit', () => {
  for (const parallel of [1, 48]) {
    for (const [what, silent, hops, reason] of [
      ['ends the trace with the last of so many silent hops in a row', [3, 4, 5], 5, 'gap'],
      ['counts no hops that are not in a row', [2, 4, 5, 7], 8, 'reached'],
      ['counts from the start', [1, 2, 3, 4], 3, 'gap'],
      ['takes no heed of what answers beyond, since it would not be asked', [2, 3, 4, 5], 4, 'gap'],
    ] satisfies [string, number[], number, StopReason][]) {
      it(`${what}, ${parallel} in flight`, () => {
        const plan = planOf({ wait: ADAPTIVE, overlapWaits: parallel > 1, parallel, gapLimit: 3 });
        const run = drive(plan, pathOf(8, 10, silent));
        assert.equal(run.reason, reason);
        assert.equal(run.outcomes.length, hops * 3);
      });
    }
  }

  it('sends nothing beyond', () => {
    const { sent } = drive(
      planOf({ wait: ADAPTIVE, gapLimit: 2, overlapWaits: true }),
      pathOf(9, 10, [3, 4, 5]),
    );
    assert.equal(Math.max(...sent.map(({ probe }) => probe.ttl)), 4);
  });

  it('counts a hop to which the system sends nothing', () => {
    const { outcomes, reason } = drive(planOf({ gapLimit: 2 }), () => ({ failed: true }));
    assert.equal(reason, 'gap');
    assert.equal(outcomes.length, 6);
  });
});
