import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as immediate } from 'node:timers/promises';
import { VirtualClock } from './virtual-clock.ts';

async function until(clock: VirtualClock, atMs: number): Promise<number> {
  return new Promise((resolve) => {
    clock.schedule(atMs, () => {
      resolve(clock.nowMs());
    });
  });
}

describe('VirtualClock', () => {
  it('runs events in order of time, then of scheduling', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    for (const [name, atMs] of [
      ['late', 30],
      ['early', 10],
      ['twin', 10],
    ] as const) {
      clock.schedule(atMs, () => seen.push(`${name} ${clock.nowMs()}`));
    }
    assert.equal(await clock.run(until(clock, 40)), 40);
    assert.deepEqual(seen, ['early 10', 'twin 10', 'late 30']);
  });

  it('never calls back before schedule has returned, and never sets time back', async () => {
    const clock = new VirtualClock();
    await clock.run(until(clock, 50));
    let isScheduled = false;
    const past = new Promise((resolve) => {
      clock.schedule(20, () => {
        resolve([isScheduled, clock.nowMs()]);
      });
    });
    isScheduled = true;
    assert.deepEqual(await clock.run(past), [true, 50]);
  });

  it('does not run what was cancelled', async () => {
    const clock = new VirtualClock();
    let runs = 0;
    const cancel = clock.schedule(5, () => runs++);
    cancel();
    cancel();
    await clock.run(until(clock, 10));
    assert.equal(runs, 0);
  });

  it('lets promises and setImmediate run between events', async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    const consumer = (async () => {
      for (const atMs of [1, 2, 3]) {
        await until(clock, atMs);
        await immediate();
        await immediate();
        seen.push(clock.nowMs());
      }
    })();
    clock.schedule(10, () => seen.push(clock.nowMs()));
    await clock.run(consumer);
    await clock.run(until(clock, 11));
    assert.deepEqual(seen, [1, 2, 3, 10]);
  });

  it('waits in real time for what no clock can see', async () => {
    const clock = new VirtualClock();
    const path = './random.ts';
    const loaded = import(path).then(() => until(clock, 7));
    assert.equal(await clock.run(loaded), 7);
  });

  it('settles like the promise', async () => {
    await assert.rejects(new VirtualClock().run(Promise.reject(new Error('its own'))), /its own/);
  });

  it('rejects when nothing is left to happen', async () => {
    const clock = new VirtualClock({ stuckAfterMs: 0 });
    clock.schedule(12, () => undefined);
    await assert.rejects(clock.run(new Promise(() => undefined)), /nothing is left to happen at 12 ms/);
  });
});
