import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gre } from '../../probes/gre.ts';
import { decodeGre } from '../../src/wire/gre.ts';
import { goldenPacket } from '../support/hex.ts';
import { buildProbe, flowOf } from './probe-flow.ts';

const flow = flowOf(4, { port: 0x880b });

describe('a GRE probe', () => {
  it('has the shape of PPTP, RFC 2637 section 4.1, with the sequence in its call id', () => {
    assert.deepEqual(decodeGre(buildProbe(gre, flow, 5, 12)), {
      flagsAndVersion: 0x2001,
      protocolType: 0x880b,
      payloadLength: 12,
      callId: 0xbeef + 5,
    });
  });

  it('is known as it was recorded', () => {
    const recorded = goldenPacket('gre-pptp').subarray(20);
    const { callId, protocolType } = decodeGre(recorded);
    const of = { ...flow, ident: (callId - 3) & 0xffff, port: protocolType };
    assert.deepEqual(gre.identifyQuoted(recorded, of), { sequence: 3 });
  });

  for (const [what, offset, value] of [
    ['plain GRE, RFC 2784', 0, 0],
    ['with a sequence number present', 0, 0x3001],
    ['of another protocol type', 2, 0x0800],
  ] as const) {
    it(`is not a quote ${what}`, () => {
      const quoted = buildProbe(gre, flow, 5);
      new DataView(quoted.buffer).setUint16(offset, value);
      assert.equal(gre.identifyQuoted(quoted, flow), undefined);
    });
  }
});
