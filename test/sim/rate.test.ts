/** Covers the rate limits of simulated routers, in path.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { udpProbe } from './make-probe.ts';
import { answer, openPath } from './path.ts';
import type { PathFormat } from './path-format.ts';

const PATH: PathFormat = {
  src: '10.0.0.1',
  hops: [{ addr: '10.1.0.1', rate: { perSecond: 2, burst: 3 } }],
  dst: { addr: '10.99.0.1' },
};

describe('a hop that limits its rate', () => {
  it('answers a burst, and then so many a second', () => {
    let nowMs = 0;
    const state = openPath(
      PATH,
      () => 0,
      () => nowMs,
    );
    const answers = (atMs: number, count: number): number => {
      nowMs = atMs;
      return Array.from({ length: count }, () => answer(state, udpProbe({ ttl: 1 }))).flat().length;
    };
    assert.equal(answers(0, 5), 3);
    assert.equal(answers(400, 2), 0);
    assert.equal(answers(500, 2), 1);
    assert.equal(answers(10_000, 5), 3);
  });

  it('forwards whatever comes', () => {
    const state = openPath(PATH, () => 0);
    for (let count = 0; count < 5; count++) {
      assert.equal(answer(state, udpProbe({ ttl: 2 })).length, 1);
    }
  });
});
