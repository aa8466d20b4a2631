import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generic } from '../../probes/generic.ts';
import { internetChecksum, transportChecksum } from '../../src/wire/checksum.ts';
import { octetsOfHex } from '../support/hex.ts';
import { buildProbe, flowOf } from './probe-flow.ts';

const flow = flowOf(4, { port: 33434 });

describe('a probe of any protocol', () => {
  it('is of the protocol that was asked for', () => {
    for (const protocol of [1, 50, 89, 255]) assert.equal(generic.ipProtocol(4, protocol), protocol);
  });

  it('begins with ident and port plus sequence', () => {
    assert.deepEqual(buildProbe(generic, flow, 5, 1), octetsOfHex('beef 829f 41'));
  });

  it('fills the next word in so that all octets add up as a filter wants them', () => {
    assert.deepEqual(buildProbe(generic, flow, 5, 3), octetsOfHex('beef 829f 7d70 41'));
  });

  for (const paris of [false, true]) {
    for (const length of [2, 3, 4, 16, 27]) {
      const probe = `${paris ? 'of a Paris flow ' : ''}with ${length} octets`;
      if (paris && length < 4) continue;
      it(`adds up ${probe}, over IPv6 with the pseudo-header`, () => {
        for (const sequence of [1, 300, 65535]) {
          const flow6 = flowOf(6, { paris, port: 33434 });
          assert.equal(internetChecksum(buildProbe(generic, { ...flow, paris }, sequence, length)), 0);
          assert.equal(transportChecksum(flow6, 253, buildProbe(generic, flow6, sequence, length)), 0);
        }
      });
    }
  }

  it('is known from 4 octets and not from 3', () => {
    const built = buildProbe(generic, flow, 5);
    assert.deepEqual(generic.identifyQuoted(built.subarray(0, 4), flow), { sequence: 5 });
    assert.throws(() => generic.identifyQuoted(built.subarray(0, 3), flow), { code: 'truncated' });
  });
});
