import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { udp } from '../../probes/udp.ts';
import { ReadyQueue } from '../../src/engine/ready-queue.ts';
import type { Trace } from '../../src/engine/trace.ts';
import { traceOf } from './make-trace.ts';

function filled(count: number): { queue: ReadyQueue; traces: Trace[] } {
  const queue = new ReadyQueue();
  const traces = Array.from({ length: count }, () => traceOf(udp, 4));
  for (const trace of traces) queue.add(trace);
  return { queue, traces };
}

describe('the queue of ready traces', () => {
  it('gives each its turn before any has a second', () => {
    const { queue, traces } = filled(3);
    for (let turn = 0; turn < 9; turn++) {
      const trace = queue.take();
      assert.equal(trace, traces[turn % 3]);
      if (trace) queue.add(trace);
    }
  });

  it('holds each once, and none that is over', () => {
    const { queue, traces } = filled(2);
    const [first, second] = traces;
    assert.ok(first && second);
    queue.add(first);
    assert.equal(queue.size, 2);
    second.turn = 'over';
    queue.add(second);
    assert.equal(queue.take(), first);
    assert.equal(queue.take(), undefined);
    assert.equal(queue.size, 0);
  });
});
