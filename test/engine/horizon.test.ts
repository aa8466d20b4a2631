import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { opensAtMs, opensMs, type Progress } from '../../src/engine/horizon.ts';
import { NEIGHBOUR_MS } from '../../src/engine/wait.ts';
import { ADAPTIVE, planOf } from './drive-scheduler.ts';

const plan = planOf({ wait: ADAPTIVE, overlapWaits: true, resends: true });

/** A trace that began at 1000, and whose first silent hop was asked at 1050. */
function progress(ahead: number): Progress {
  return { ahead, startMs: 1000, sinceMs: 1050, largestRttMs: 40, isLimited: false };
}

describe('the horizon of a trace', () => {
  for (const [what, changes, ahead, expected] of [
    ['lets the next hop be asked at once', {}, 0, 1000],
    ['lets near hosts answer for 3 ms before it goes further', {}, 1, 1003],
    ['is 16 hops of three probes', {}, 15, 1003],
    ['goes beyond them once the first silent hop has been asked again', {}, 16, 1050 + 1100 + 40 + 100],
    ['is as many probes where hops have fewer', { attempts: 1 }, 47, 1003],
    ['asks nothing again where the plan does not', { resends: false }, 16, 1003],
    ['is no matter of a window that the user gave', { overlapWaits: false }, 40, 1000],
    ['does not go beyond the silent hops that end the trace', { gapLimit: 5 }, 5, Infinity],
    ['goes as far as those', { gapLimit: 5 }, 4, 1003],
    ['waits for a router that looks for the target', { hopsAhead: 8 }, 8, 1050 + NEIGHBOUR_MS + 40],
    ['waits no longer than for any probe', { hopsAhead: 8, wait: planOf().wait }, 8, 2050],
  ] as const) {
    it(what, () => {
      assert.equal(opensMs({ ...plan, ...changes }, progress(ahead)), expected);
    });
  }

  it('is the next hop where the furthest one answered only what was sent again', () => {
    assert.equal(opensMs(plan, { ...progress(1), isLimited: true }), 1050 + 1100 + 40 + 100);
  });

  it('is where others have got to, and no further, for a trace that is led', () => {
    const reached = { nextHop: 0, isLed: true, largestRttMs: 40, isLimited: false };
    const slots = Array.from({ length: 4 }, (_, index) => {
      const probe = { ttl: index + 1, attempt: 0, sequence: index + 1 };
      return { state: 'waiting', probe, sentAtMs: 1000 } as const;
    });
    const single = { ...plan, attempts: 1 };
    assert.equal(opensAtMs(single, slots, { ...reached, goesOnTo: 4 }), -Infinity);
    assert.equal(opensAtMs(single, slots, { ...reached, goesOnTo: 3 }), Infinity);
  });
});
