import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor, type PathPace } from '../../src/engine/wait.ts';

const adaptive = { maxMs: 5000, hereFactor: 3, nearFactor: 10 };
const exact = { maxMs: 700, hereFactor: 0, nearFactor: 0 };

function pace(members: Partial<PathPace>): PathPace {
  return { earlierMs: 0, largestMs: 0, ...members };
}

describe('waitFor', () => {
  for (const [what, policy, known, expected] of [
    ['the most, where nothing has answered', adaptive, {}, 5000],
    ['exactly the most with factors of 0', exact, { hereMs: 1, laterMs: 1, largestMs: 1 }, 700],
    ['3 times the RTT of the hop, and the grace', adaptive, { hereMs: 60 }, 183],
    ['that of the hop before that of a later one', adaptive, { hereMs: 60, laterMs: 1 }, 183],
    ['never more than the most', adaptive, { hereMs: 4000 }, 5000],
    ['100 ms at least where the hop answers', adaptive, { hereMs: 0.01 }, 100],
    ['100 ms at least where a later hop answers', adaptive, { laterMs: 0.01 }, 100],
    ['a second behind the last hop that answered', adaptive, { largestMs: 40 }, 1000],
    ['20 times the largest RTT behind it, on a long path', adaptive, { largestMs: 100 }, 2000],
    ['10 times the RTT of a later hop that is near', adaptive, { laterMs: 14 }, 150],
    ['200 ms between hops that are', adaptive, { earlierMs: 30, laterMs: 40 }, 200],
    ['10 times what lies between its neighbours', adaptive, { earlierMs: 40, laterMs: 80 }, 570],
    ['the same with the jitter that was seen', adaptive, { earlierMs: 40, laterMs: 80, jitterMs: 2 }, 470],
    ['3 times the RTT of a later hop that is far', adaptive, { earlierMs: 190, laterMs: 199 }, 600],
  ] as const) {
    it(`is ${what}`, () => {
      assert.ok(
        Math.abs(waitFor(policy, pace(known)) - expected) < 1e-9,
        String(waitFor(policy, pace(known))),
      );
    });
  }
});
