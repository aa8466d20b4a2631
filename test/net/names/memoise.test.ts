import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoise } from '../../../src/net/names/memoise.ts';

describe('memoise', () => {
  it('asks once for the same arguments, also while the answer is not there', async () => {
    const calls: string[] = [];
    const ask = memoise((a: string, b: string) => {
      calls.push(a + b);
      return Promise.resolve(a + b);
    });
    assert.deepEqual(await Promise.all([ask('a', 'b'), ask('a', 'b'), ask('a', 'c')]), ['ab', 'ab', 'ac']);
    assert.equal(await ask('a', 'b'), 'ab');
    assert.deepEqual(calls, ['ab', 'ac']);
  });
});
