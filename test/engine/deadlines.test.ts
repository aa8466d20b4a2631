import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Deadlines } from '../../src/engine/deadlines.ts';
import type { Slot } from '../../src/engine/slot.ts';
import { NEIGHBOUR_MS } from '../../src/engine/wait.ts';
import { ADAPTIVE, TIME_EXCEEDED, replyOf } from './drive-scheduler.ts';

const PLAN = { wait: ADAPTIVE, attempts: 2 };

/** The slot of this index, sent at 0. */
function slotAt(index: number, state: 'waiting' | 'replied' = 'waiting', isResent?: true): Slot {
  const attempt = index % PLAN.attempts;
  const probe = { ttl: 1 + (index - attempt) / PLAN.attempts, attempt, sequence: index + 1 };
  const base = { probe, sentAtMs: 0, isResent };
  if (state === 'waiting') return { ...base, state };
  const reply = replyOf(TIME_EXCEEDED, 10);
  const { responder } = reply;
  return { ...base, state, reach: 'transit', responder, claim: 'own', rttMs: 10, opens: false, reply };
}

/** The slots that a review looks at, each with its wait. */
function reviewed(deadlines: Deadlines, slots: readonly Slot[], first = 0, end = slots.length) {
  const seen: [index: number, waitMs: number][] = [];
  deadlines.review(slots, first, end, (index, _slot, waitMs) => seen.push([index, waitMs]));
  return seen;
}

describe('the deadlines of a trace', () => {
  it('let it sleep for ever while nothing is waited for', () => {
    assert.equal(new Deadlines(PLAN).wakeMs, Infinity);
  });

  it('wake it for the first of what is waited for', () => {
    const deadlines = new Deadlines(PLAN);
    for (const untilMs of [500, 300, 400]) deadlines.wakeBy(untilMs);
    assert.equal(deadlines.wakeMs, 300);
    assert.equal(deadlines.isDue(299, true), false);
    assert.equal(deadlines.isDue(300, true), true);
  });

  it('are reviewed after a reply, but not while the next probe can go all the same', () => {
    const deadlines = new Deadlines(PLAN);
    deadlines.replied(0, 20);
    assert.equal(deadlines.isDue(0, true), false);
    assert.equal(deadlines.isDue(0, false), true);
    reviewed(deadlines, []);
    assert.equal(deadlines.isDue(0, false), false);
  });

  it('are reviewed when outdated, with no reply', () => {
    const deadlines = new Deadlines(PLAN);
    deadlines.outdate();
    assert.equal(deadlines.isDue(0, false), true);
  });

  it('know the largest RTT of the trace', () => {
    const deadlines = new Deadlines(PLAN);
    assert.equal(deadlines.largestRttMs, 0);
    for (const rttMs of [20, 70, 50]) deadlines.replied(0, rttMs);
    assert.equal(deadlines.largestRttMs, 70);
  });

  it('are shorter for a probe whose hop has replied before', () => {
    const deadlines = new Deadlines(PLAN);
    assert.equal(deadlines.waitAt(0), ADAPTIVE.maxMs);
    deadlines.replied(0, 99);
    assert.equal(deadlines.waitAt(0), (99 + 1) * ADAPTIVE.hereFactor);
  });
});

describe('a review of the deadlines', () => {
  it('looks at what waits alone, from the last hop to the first', () => {
    const slots = [slotAt(0), slotAt(1, 'replied'), slotAt(2), slotAt(3), slotAt(4)];
    const indexes = reviewed(new Deadlines(PLAN), slots).map(([index]) => index);
    assert.deepEqual(indexes, [4, 2, 3, 0]);
  });

  it('looks first at what was sent again, within a hop', () => {
    const slots = [slotAt(0), slotAt(1, 'waiting', true)];
    const indexes = reviewed(new Deadlines(PLAN), slots).map(([index]) => index);
    assert.deepEqual(indexes, [1, 0]);
  });

  it('leaves out what was taken, and what lies beyond the end', () => {
    const slots = Array.from({ length: 6 }, (_, index) => slotAt(index));
    const indexes = reviewed(new Deadlines(PLAN), slots, 1, 5).map(([index]) => index);
    assert.deepEqual(indexes, [4, 2, 3, 1]);
  });

  it('gives each hop the wait that its own replies and the nearest later ones make', () => {
    const deadlines = new Deadlines(PLAN);
    deadlines.replied(1, 99);
    const slots = [slotAt(0), slotAt(1), slotAt(2, 'replied'), slotAt(3), slotAt(4), slotAt(5)];
    const waits = new Map(reviewed(deadlines, slots));
    assert.equal(waits.get(3), (99 + 1) * ADAPTIVE.hereFactor);
    assert.equal(waits.get(0), (99 + 1) * ADAPTIVE.nearFactor);
    assert.equal(waits.get(5), NEIGHBOUR_MS + 99);
  });

  it('forgets when to wake', () => {
    const deadlines = new Deadlines(PLAN);
    deadlines.wakeBy(100);
    reviewed(deadlines, []);
    assert.equal(deadlines.wakeMs, Infinity);
  });
});
