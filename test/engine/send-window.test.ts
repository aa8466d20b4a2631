import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SendWindow } from '../../src/engine/send-window.ts';

const STOP_AND_WAIT = { parallel: 1, overlapWaits: false, pauseMs: 0 };
const PAIR = { parallel: 2, overlapWaits: false, pauseMs: 0 };

describe('a send window', () => {
  it('has room for as many probes as the plan allows, and no more', () => {
    const window = new SendWindow(PAIR);
    assert.equal(window.hasRoom, true);
    window.hold(0, 1000, 0);
    assert.equal(window.hasRoom, true);
    window.hold(0, 1000, 0);
    assert.equal(window.hasRoom, false);
  });

  it('has room at once while a place is free', () => {
    const window = new SendWindow(PAIR);
    window.hold(0, 1000, 0);
    assert.equal(window.roomAtMs(5), 5);
  });

  it('has room again when the wait for the first of its probes is over, whichever was sent first', () => {
    const window = new SendWindow(PAIR);
    window.hold(0, 1000, 0);
    window.hold(10, 500, 0);
    assert.equal(window.roomAtMs(20), 510);
  });

  it('has no room before all probes beyond its size have left it', () => {
    const window = new SendWindow(STOP_AND_WAIT);
    for (const waitMs of [300, 100, 200]) window.hold(0, waitMs, 0);
    assert.equal(window.roomAtMs(0), 300);
  });

  it('is empty once cleared', () => {
    const window = new SendWindow(STOP_AND_WAIT);
    window.hold(0, 1000, 0);
    window.clear();
    assert.equal(window.hasRoom, true);
    assert.equal(window.roomAtMs(7), 7);
  });
});

describe('an overdue probe', () => {
  for (const [largestRttMs, freeMs] of [
    [0, 300],
    [90, 300],
    [200, 600],
    [2000, 5000],
  ] as const) {
    it(`makes room after ${freeMs} of 5000 ms where the largest RTT is ${largestRttMs} ms`, () => {
      const window = new SendWindow({ ...STOP_AND_WAIT, overlapWaits: true });
      window.hold(0, 5000, largestRttMs);
      assert.equal(window.roomAtMs(0), freeMs);
    });
  }

  it('makes no room before its wait is over where waits do not overlap', () => {
    const window = new SendWindow(STOP_AND_WAIT);
    window.hold(0, 5000, 10);
    assert.equal(window.roomAtMs(0), 5000);
  });
});

describe('the pause between two sends', () => {
  it('is over before the first send', () => {
    assert.ok(new SendWindow({ ...PAIR, pauseMs: 400 }).pauseOverMs(0) <= 0);
  });

  it('begins with each send, refused or not', () => {
    const window = new SendWindow({ ...PAIR, pauseMs: 400 });
    window.sent(10);
    window.sent(410);
    assert.equal(window.pauseOverMs(500), 810);
  });

  it('is none where the plan has none', () => {
    const window = new SendWindow(PAIR);
    window.sent(10);
    assert.equal(window.pauseOverMs(10), 10);
  });
});
