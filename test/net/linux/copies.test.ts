import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Copies } from '../../../src/net/linux/copies.ts';

describe('copies', () => {
  it('are each their own, however many and however long', () => {
    const copies = new Copies();
    const lengths = [0, 1, 128, 129, 1500, 16_384, 65_535, ...new Array<number>(50).fill(999), 16_385];
    const made = lengths.map((length, index) => {
      const octets = new Uint8Array(length + 2).fill(index, 1, length + 1);
      const copy = copies.of(octets, 1, length);
      octets.fill(255);
      return copy;
    });
    made.forEach((copy, index) => {
      assert.deepEqual(copy, new Uint8Array(lengths[index] ?? 0).fill(index));
    });
  });
});
