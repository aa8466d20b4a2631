import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { WakeQueue } from '../../src/engine/wake-queue.ts';

const SLEEPERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

type QueueStep = readonly ['set', string, number] | readonly ['delete', string] | readonly ['take', number];

const sleeper = fc.constantFrom(...SLEEPERS);
const time = fc.integer({ min: 0, max: 20 });
const step: fc.Arbitrary<QueueStep> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant('set' as const), sleeper, time) },
  fc.tuple(fc.constant('delete' as const), sleeper),
  fc.tuple(fc.constant('take' as const), time),
);

/** Takes from `model` all that are due, in order of time. */
function takeDue(model: Map<string, number>, nowMs: number): [string, number][] {
  const due = [...model].filter(([, atMs]) => atMs <= nowMs).sort(([, a], [, b]) => a - b);
  for (const [name] of due) model.delete(name);
  return due;
}

function run(queue: WakeQueue<string>, model: Map<string, number>, [what, ...rest]: QueueStep): void {
  const [first, second] = rest;
  if (what === 'set') {
    queue.set(String(first), Number(second));
    model.set(String(first), Number(second));
  } else if (what === 'delete') {
    queue.delete(String(first));
    model.delete(String(first));
  } else {
    const times = new Map(model);
    const taken = queue.takeDue(Number(first));
    const due = takeDue(model, Number(first));
    assert.deepEqual(
      taken.map((name) => times.get(name)),
      due.map(([, atMs]) => atMs),
    );
    assert.deepEqual([...taken].sort(), due.map(([name]) => name).sort());
  }
}

describe('WakeQueue', () => {
  it('does what a sorted list does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
        const queue = new WakeQueue<string>();
        const model = new Map<string, number>();
        for (const each of steps) {
          run(queue, model, each);
          assert.equal(queue.nextMs, Math.min(Infinity, ...model.values()));
        }
        run(queue, model, ['take', Infinity]);
        assert.equal(queue.nextMs, Infinity);
      }),
      { numRuns: 200 },
    );
  });

  it('wakes in order of time, whatever the order they were set in', () => {
    const queue = new WakeQueue<number>();
    for (const atMs of [5, 3, 9, 1, 7, 2, 8, 4, 6]) queue.set(atMs, atMs);
    assert.deepEqual(queue.takeDue(5), [1, 2, 3, 4, 5]);
    assert.deepEqual(queue.takeDue(100), [6, 7, 8, 9]);
  });

  it('wakes once what was deleted and set again to the same time', () => {
    const queue = new WakeQueue<string>();
    queue.set('a', 5);
    queue.delete('a');
    queue.set('a', 5);
    assert.deepEqual(queue.takeDue(5), ['a']);
    assert.deepEqual(queue.takeDue(5), []);
  });

  it('stays right when two sleepers are moved a hundred thousand times', () => {
    const queue = new WakeQueue<string>();
    for (let atMs = 0; atMs < 100_000; atMs++) {
      queue.set('late', 200_000 - atMs);
      queue.set('soon', atMs);
      assert.equal(queue.nextMs, atMs);
    }
    assert.deepEqual(queue.takeDue(Infinity), ['soon', 'late']);
  });
});
