/** Covers what the scheduler makes of its waits: targets that are down, and near ones whose rate limit is used up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Probe } from '../../src/model/probe.ts';
import { ADAPTIVE, ARRIVED, drive, planOf, TIME_EXCEEDED, type Fate } from './drive-scheduler.ts';

const plan = planOf({ wait: ADAPTIVE, overlapWaits: true, resends: true, parallel: 48, maxTtl: 64 });
const HOST_UNREACHABLE = { type: 'unreachable', code: 1 } as const;

/** Runs towards a target that is down behind hop 2, which says so `afterMs` after the first probe that came that far. */
function downAfter(afterMs: number, changes: Partial<typeof plan> = {}) {
  let beganMs: number | undefined;
  let nowMs = 0;
  return drive(
    { ...plan, ...changes },
    ({ ttl }): Fate => {
      if (ttl <= 2) return { repliesMs: [ttl * 10], kind: TIME_EXCEEDED };
      // three seconds for each search, which answers all that waits for it
      if (beganMs === undefined || nowMs >= beganMs + afterMs) beganMs = nowMs;
      return { repliesMs: [beganMs + afterMs - nowMs], kind: HOST_UNREACHABLE };
    },
    ({ atMs }) => {
      nowMs = atMs;
    },
  );
}

describe('a target that is down behind its last router', () => {
  for (const afterMs of [1000, 3000, 3260]) {
    it(`is shown where the router says so after ${afterMs} ms, and ends the trace there`, () => {
      const { outcomes, reason, endMs } = downAfter(afterMs);
      assert.equal(reason, 'refused');
      assert.equal(outcomes.length, 9);
      assert.deepEqual(
        outcomes.slice(6).map(({ status }) => status),
        ['replied', 'replied', 'replied'],
      );
      assert.ok(endMs <= 20 + afterMs + 10, `${endMs} ms`);
    });
  }

  it('is shown with one probe in flight', () => {
    const run = downAfter(3060, { parallel: 1, overlapWaits: false, resends: false });
    assert.equal(run.reason, 'refused');
    assert.deepEqual(
      run.outcomes.slice(6).map(({ status }) => status),
      ['replied', 'replied', 'replied'],
    );
  });

  it('is not waited for beyond an exact wait', () => {
    const run = downAfter(3060, { wait: planOf().wait, resends: false });
    assert.equal(run.reason, 'max-ttl');
    assert.ok(run.endMs < 2500, `${run.endMs} ms`);
  });
});

describe('a silent tail', () => {
  const silent = ({ ttl }: Probe): Fate => (ttl <= 6 ? { repliesMs: [ttl * 10], kind: TIME_EXCEEDED } : {});

  for (const maxTtl of [7, 30, 64]) {
    it(`costs one search for the next host, with ${maxTtl - 6} hops to the end`, () => {
      const { endMs, reason } = drive({ ...plan, maxTtl }, silent);
      assert.equal(reason, 'max-ttl');
      assert.ok(endMs >= 3300 && endMs < 3450, `${endMs} ms`);
    });
  }

  it('costs one search with one probe in flight, and a second for each probe more', () => {
    const { endMs } = drive({ ...plan, maxTtl: 8, parallel: 1, overlapWaits: false, resends: false }, silent);
    const answeredMs = 3 * (10 + 20 + 30 + 40 + 50 + 60);
    assert.equal(endMs, answeredMs + 3360 + 5 * 1200);
  });
});

describe('a near target', () => {
  const near = (): Fate => ({ repliesMs: [0.2], kind: ARRIVED });

  it('is asked no more than it has to answer', () => {
    const { sent } = drive(plan, near);
    assert.deepEqual(
      sent.map(({ probe }) => probe.ttl),
      [1, 1, 1],
    );
  });

  it('is asked one hop beyond at most where it answers after two routers', () => {
    const { sent } = drive(plan, ({ ttl }) => ({
      repliesMs: [0.2],
      kind: ttl < 3 ? TIME_EXCEEDED : ARRIVED,
    }));
    assert.deepEqual(new Set(sent.map(({ probe }) => probe.ttl)), new Set([1, 2, 3]));
  });

  for (const hops of [1, 3]) {
    it(`is found at hop ${hops} where its rate limit was used up before`, () => {
      const total = 3 * plan.maxTtl;
      const run = drive(plan, ({ ttl, sequence }) => {
        if (ttl < hops) return { repliesMs: [0.2], kind: TIME_EXCEEDED };
        // one answer a second, and that is what is asked again
        return sequence > total ? { repliesMs: [0.2], kind: ARRIVED } : {};
      });
      assert.equal(run.reason, 'reached');
      assert.equal(run.outcomes.length, 3 * hops);
      assert.ok(run.outcomes.every(({ status }) => status === 'replied'));
      assert.ok(run.endMs < 3400, `${run.endMs} ms`);
    });
  }
});
