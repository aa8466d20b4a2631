import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { said, threeHops } from '../ask.ts';
import { echoProbe, tcpProbe, udpProbe } from '../make-probe.ts';
import type { PathFormat } from '../path-format.ts';
import { openPath } from '../path-state.ts';

/** A path and a hand on its clock: how many of so many probes are answered at a time. */
function timed(path: PathFormat): (atMs: number, probes: readonly Uint8Array[]) => number {
  let nowMs = 0;
  const state = openPath(
    path,
    () => 0,
    () => nowMs,
  );
  return (atMs, probes) => {
    nowMs = atMs;
    return probes.flatMap((probe) => said(state, probe)).length;
  };
}

function times(count: number, probe: Uint8Array): Uint8Array[] {
  return Array.from({ length: count }, () => probe);
}

describe('bucket', () => {
  it('lets a burst of errors out, and then so many a second', () => {
    const answered = timed(threeHops({ bucket: [2, 3] }));
    const probe = udpProbe({ ttl: 2 });
    assert.equal(answered(0, times(5, probe)), 3);
    assert.equal(answered(400, times(2, probe)), 0);
    assert.equal(answered(500, times(2, probe)), 1);
    assert.equal(answered(10_000, times(5, probe)), 3);
  });

  it('does not limit what passes, nor what is no error', () => {
    const answered = timed(threeHops({ bucket: [1, 1] }, { bucket: [1, 1] }));
    assert.equal(answered(0, times(5, tcpProbe({ ttl: 4 }))), 5);
    assert.equal(answered(0, times(5, echoProbe({ ttl: 4 }))), 5);
    assert.equal(answered(0, times(5, udpProbe({ ttl: 4 }))), 1);
  });
});

describe('policer', () => {
  it('drops beyond the rate what would pass on, of its kinds', () => {
    const answered = timed(threeHops({ policer: { kinds: ['syn'], rate: 1, burst: 2 } }));
    assert.equal(answered(0, times(5, tcpProbe({ ttl: 4 }))), 2);
    assert.equal(answered(0, times(5, tcpProbe({ ttl: 2 }))), 5, 'what ends at the hop');
    assert.equal(answered(0, times(5, udpProbe({ ttl: 4 }))), 5, 'other kinds');
    assert.equal(answered(1000, times(5, tcpProbe({ ttl: 3 }))), 1);
  });
});
