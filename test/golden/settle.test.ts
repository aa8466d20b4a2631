import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordedCases } from '../sim/recorded.ts';
import { SHORTFALLS } from './pending.ts';
import { settle } from './settle.ts';

describe('settle', () => {
  const [pending = ''] = SHORTFALLS.flatMap(({ cases, only }) => (only ? [] : cases));

  it('fails where a case differs that is on no list', () => {
    assert.throws(() => {
      settle('no-such-case', 'memory', ['stdout: expected "", got "x"']);
    }, assert.AssertionError);
    settle('no-such-case', 'memory', []);
  });

  it(
    'fails where a case agrees that is known to differ',
    { skip: pending === '' && 'no case is pending' },
    () => {
      assert.throws(() => {
        settle(pending, 'memory', []);
      }, /agrees now: take it off the list/);
      settle(pending, 'memory', ['status: expected 0, got 1']);
    },
  );

  it('knows every case on its list', () => {
    const names = new Set(recordedCases().map(({ name }) => name));
    const unknown = SHORTFALLS.flatMap(({ cases }) => cases).filter((name) => !names.has(name));
    assert.deepEqual(unknown, []);
  });
});
