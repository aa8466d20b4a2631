import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReplyKind } from '../../src/model/reply.ts';
import { endOfTrace, reachOf, type Reach } from '../../src/model/stop-rule.ts';

const unreachable = (code: number): ReplyKind => ({ type: 'unreachable', code });

describe('reachOf', () => {
  for (const [what, kind, family, expected] of [
    ['time exceeded', { type: 'time-exceeded' }, 4, 'transit'],
    ['time exceeded', { type: 'time-exceeded' }, 6, 'transit'],
    ['an answer of the target', { type: 'answer' }, 4, 'arrived'],
    ['a closed port', { type: 'answer', tcp: { state: 'closed' } }, 6, 'arrived'],
    ['fragmentation needed', { type: 'unreachable', code: 4, nextHopMtu: 1400 }, 4, 'refused'],
    ['packet too big', { type: 'too-big', nextHopMtu: 1280 }, 6, 'refused'],
    ['a header field in error', { type: 'parameter-problem', code: 0 }, 6, 'refused'],
    ['an unrecognised next header', { type: 'parameter-problem', code: 1 }, 6, 'arrived'],
    ['an unrecognised option', { type: 'parameter-problem', code: 2 }, 6, 'refused'],
  ] as const satisfies readonly (readonly [string, ReplyKind, 4 | 6, Reach])[]) {
    it(`says ${expected} of ${what}, IPv${family}`, () => {
      assert.equal(reachOf(kind, family), expected);
    });
  }

  it('says arrived of protocol and port unreachable alone, IPv4', () => {
    for (let code = 0; code <= 255; code++) {
      assert.equal(reachOf(unreachable(code), 4), code === 2 || code === 3 ? 'arrived' : 'refused');
    }
  });

  it('says arrived of port unreachable alone, IPv6', () => {
    for (let code = 0; code <= 255; code++) {
      assert.equal(reachOf(unreachable(code), 6), code === 4 ? 'arrived' : 'refused');
    }
  });
});

describe('endOfTrace', () => {
  const [T, A, R] = ['transit', 'arrived', 'refused'] as const;
  for (const [replies, attempts, bsd, firstRefusal] of [
    [[], 3, undefined, undefined],
    [[T, T, T], 3, undefined, undefined],
    [[A], 3, 'reached', 'reached'],
    [[T, A, R], 3, 'reached', 'reached'],
    [[R], 1, 'refused', 'refused'],
    [[R], 2, 'refused', 'refused'],
    [[R], 3, undefined, 'refused'],
    [[R, T], 3, undefined, 'refused'],
    [[R, R], 3, 'refused', 'refused'],
    [[T, R, R], 3, 'refused', 'refused'],
    [[R, R, R], 5, undefined, 'refused'],
    [[R, R, R, R], 5, 'refused', 'refused'],
    [[R, R, A], 3, 'reached', 'reached'],
  ] as const) {
    it(`of ${attempts} attempts with ${replies.join(', ') || 'no reply'}`, () => {
      assert.equal(endOfTrace('bsd', replies, attempts), bsd);
      assert.equal(endOfTrace('first-refusal', replies, attempts), firstRefusal);
    });
  }
});
