import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { opensConnection, tcpFlagNames } from '../../probes/tcp-flags.ts';

const CASES: readonly (readonly [flags: number, names: string, opens: boolean])[] = [
  [0x02, 'syn', true],
  [0x12, 'syn+ack', false],
  [0xc2, 'syn+ecn', true],
  [0x42, 'syn+ece', true],
  [0x29, 'fin+psh+urg', false],
  [0x10, 'ack', false],
  [0, 'null', false],
];

describe('TCP control bits', () => {
  for (const [flags, names, opens] of CASES) {
    it(`of value ${flags} are named "${names}" and ${opens ? 'open' : 'do not open'} a connection`, () => {
      assert.equal(tcpFlagNames(flags), names);
      assert.equal(opensConnection(flags), opens);
    });
  }
});
