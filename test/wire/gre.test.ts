import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeGre, encodeGre, GRE_PPTP_FLAGS, GRE_PPTP_PROTOCOL } from '../../src/wire/gre.ts';
import { embedded, goldenPacket } from '../support/hex.ts';
import { everyPrefixIsRefused, octets, record, returnsOrRefuses, uint16 } from './codec-checks.ts';

const probe = goldenPacket('gre-pptp').subarray(20);

describe('the enhanced GRE header', () => {
  it('is decoded from gre-pptp and reproduces it', () => {
    const header = {
      flagsAndVersion: GRE_PPTP_FLAGS,
      protocolType: GRE_PPTP_PROTOCOL,
      payloadLength: 12,
      callId: 4321,
    };
    assert.deepEqual(decodeGre(probe), header);
    assert.deepEqual(encodeGre(header, new Uint8Array(12)), probe.slice());
  });

  it('refuses less than 8 octets', () => {
    everyPrefixIsRefused(decodeGre, probe, 8);
  });

  it('is decoded as it was encoded', () => {
    const headers = record({
      flagsAndVersion: uint16,
      protocolType: uint16,
      payloadLength: uint16,
      callId: uint16,
    });
    fc.assert(
      fc.property(headers, octets(60), (header, payload) => {
        const packet = embedded(encodeGre(header, embedded(payload)));
        assert.deepEqual(decodeGre(packet), header);
        assert.deepEqual(packet.subarray(8), payload);
      }),
    );
  });

  it('survives arbitrary octets', () => {
    returnsOrRefuses(decodeGre);
  });
});
