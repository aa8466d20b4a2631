import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { internetChecksum } from '../../src/wire/checksum.ts';
import {
  decodeIcmp,
  encodeIcmpBare,
  encodeIcmpv4,
  ICMPV4_TYPE,
  ICMPV4_UNREACHABLE,
  TTL_EXCEEDED_IN_TRANSIT,
} from '../../src/wire/icmpv4.ts';
import { embedded, goldenPacket } from '../support/hex.ts';
import { everyPrefixIsRefused, octets, returnsOrRefuses, uint32, uint8 } from './codec-checks.ts';

const timeExceeded = goldenPacket('icmp-time-exceeded').subarray(20);

describe('an ICMP message', () => {
  it('is decoded, with the whole quote', () => {
    assert.deepEqual(decodeIcmp(timeExceeded), {
      type: 11,
      code: 0,
      checksum: 0xe16f,
      rest: 0,
      body: goldenPacket('udp-probe').slice(),
    });
  });

  for (const [name, type, code, rest] of [
    ['icmp-time-exceeded', ICMPV4_TYPE.timeExceeded, TTL_EXCEEDED_IN_TRANSIT, 0],
    ['icmp-port-unreachable', ICMPV4_TYPE.destinationUnreachable, ICMPV4_UNREACHABLE.port, 0],
    [
      'icmp-fragmentation-needed',
      ICMPV4_TYPE.destinationUnreachable,
      ICMPV4_UNREACHABLE.fragmentationNeeded,
      1280,
    ],
    ['icmp-echo-request', ICMPV4_TYPE.echoRequest, 0, 0x20260001],
    ['icmp-echo-reply', ICMPV4_TYPE.echoReply, 0, 0x20260002],
    ['icmp-time-exceeded-mpls', ICMPV4_TYPE.timeExceeded, 0, 0x00200000],
  ] as const) {
    it(`reproduces ${name}`, () => {
      const message = goldenPacket(name).subarray(20);
      assert.deepEqual(encodeIcmpv4({ type, code, rest, body: message.subarray(8) }), message.slice());
      const { body, checksum, ...fields } = decodeIcmp(message);
      assert.deepEqual(fields, { type, code, rest });
      assert.equal(body.length, message.length - 8, `checksum ${checksum}`);
    });
  }

  it('refuses less than 8 octets', () => {
    everyPrefixIsRefused(decodeIcmp, timeExceeded, 8);
  });

  it('is decoded as it was encoded, unknown types and codes too, and its checksum verifies', () => {
    fc.assert(
      fc.property(uint8, uint8, uint32, octets(80), (type, code, rest, body) => {
        const message = { type, code, rest, body };
        const encoded = encodeIcmpv4({ ...message, body: embedded(body) });
        const { checksum, ...decoded } = decodeIcmp(embedded(encoded));
        assert.deepEqual(decoded, message);
        assert.equal(internetChecksum(encoded), 0, `checksum ${checksum}`);
        assert.deepEqual(decodeIcmp(encodeIcmpBare(message)), { ...message, checksum: 0 });
      }),
      { examples: [[200, 250, 0xffffffff, Uint8Array.of(1)]] },
    );
  });

  it('survives arbitrary octets', () => {
    returnsOrRefuses(decodeIcmp, timeExceeded);
  });
});
