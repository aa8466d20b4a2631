import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generic } from '../../probes/generic.ts';
import { octetsOfHex } from '../support/hex.ts';
import { buildProbe, flowOf } from './probe-flow.ts';

const flow = flowOf(4, { port: 33434 });

describe('a probe of any protocol', () => {
  it('is of the protocol that was asked for', () => {
    for (const protocol of [1, 50, 89, 255]) assert.equal(generic.ipProtocol(4, protocol), protocol);
  });

  it('begins with ident and port plus sequence', () => {
    assert.deepEqual(buildProbe(generic, flow, 5, 2), octetsOfHex('beef 829f 4141'));
  });

  it('is known from 4 octets and not from 3', () => {
    const built = buildProbe(generic, flow, 5);
    assert.deepEqual(generic.identifyQuoted(built.subarray(0, 4), flow), { sequence: 5 });
    assert.throws(() => generic.identifyQuoted(built.subarray(0, 3), flow), { code: 'truncated' });
  });
});
