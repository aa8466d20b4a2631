import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomBelow } from '../../src/net/random.ts';

describe('randomBelow', () => {
  it('stays below its limit and reaches all of it', () => {
    const drawn = Array.from({ length: 400 }, () => randomBelow(8));
    assert.deepEqual([...new Set(drawn)].sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('does not repeat itself', () => {
    const drawn = Array.from({ length: 100 }, () => randomBelow(0x1_0000_0000));
    assert.ok(new Set(drawn).size > 95);
  });
});
