import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { monotonicClock } from '../../src/net/monotonic-clock.ts';

/** Resolves when the clock calls back. */
function until(atMs: number): Promise<void> {
  return new Promise((resolve) => {
    monotonicClock.schedule(atMs, resolve);
  });
}

describe('monotonicClock', () => {
  it('never goes back', () => {
    let before = monotonicClock.nowMs();
    for (let turn = 0; turn < 1000; turn++) {
      const now = monotonicClock.nowMs();
      assert.ok(now >= before);
      before = now;
    }
  });

  for (const delayMs of [0.25, 1, 3.7]) {
    it(`calls back ${delayMs} ms later, never earlier`, async () => {
      const atMs = monotonicClock.nowMs() + delayMs;
      await until(atMs);
      assert.ok(monotonicClock.nowMs() >= atMs);
    });
  }

  it('calls back for a time that has passed, but not at once', async () => {
    let returned = false;
    const called = new Promise<boolean>((resolve) => {
      monotonicClock.schedule(monotonicClock.nowMs() - 100, () => {
        resolve(returned);
      });
    });
    returned = true;
    assert.equal(await called, true);
  });

  it('does not call back what was cancelled', async () => {
    let called = false;
    const cancel = monotonicClock.schedule(monotonicClock.nowMs() + 1, () => {
      called = true;
    });
    cancel();
    await until(monotonicClock.nowMs() + 5);
    assert.equal(called, false);
    cancel();
  });

  it('takes a time further away than any timer', async () => {
    let called = false;
    const cancel = monotonicClock.schedule(Infinity, () => {
      called = true;
    });
    await until(monotonicClock.nowMs() + 5);
    assert.equal(called, false);
    cancel();
  });
});
