import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Limiter } from '../../../src/net/names/limiter.ts';

describe('Limiter', () => {
  it('runs at most so many at once, the rest in order', async () => {
    const limiter = new Limiter(2);
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const runs = [0, 1, 2, 3].map((index) =>
      limiter.run(async () => {
        started.push(index);
        await new Promise<void>((resolve) => (ends[index] = resolve));
        return index;
      }),
    );
    await setImmediate();
    assert.deepEqual(started, [0, 1]);
    ends[1]?.();
    await setImmediate();
    assert.deepEqual(started, [0, 1, 2]);
    ends[0]?.();
    ends[2]?.();
    await setImmediate();
    ends[3]?.();
    assert.deepEqual(await Promise.all(runs), [0, 1, 2, 3]);
  });

  it('gives the turn on after a task that failed', async () => {
    const limiter = new Limiter(1);
    await assert.rejects(
      limiter.run(() => Promise.reject(new Error('failed'))),
      /failed/,
    );
    assert.equal(await limiter.run(() => Promise.resolve('next')), 'next');
  });
});
