import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReplyKind } from '../../src/model/reply.ts';
import { tcpStateText } from '../../src/render/tcp-state.ts';

const rows: readonly (readonly [ReplyKind, string])[] = [
  [{ type: 'answer', tcp: { state: 'open', ecn: false } }, 'open'],
  [{ type: 'answer', tcp: { state: 'open', ecn: true } }, 'open, ecn'],
  [{ type: 'answer', tcp: { state: 'closed' } }, 'closed'],
  [{ type: 'answer', tcp: { state: 'other', flags: 0 } }, 'unknown, no flags'],
  [{ type: 'answer', tcp: { state: 'other', flags: 0x10 } }, 'unknown, ACK'],
  [{ type: 'answer', tcp: { state: 'other', flags: 0xff } }, 'unknown, RST SYN ACK PSH FIN URG CWR ECN'],
  [{ type: 'answer' }, ''],
  [{ type: 'time-exceeded' }, ''],
  [{ type: 'unreachable', code: 3 }, ''],
];

describe('tcpStateText', () => {
  for (const [kind, expected] of rows) {
    it(`tcpStateText has ${expected === '' ? 'no words' : `"${expected}"`} for ${JSON.stringify(kind)}`, () => {
      assert.equal(tcpStateText(kind), expected);
    });
  }
});
