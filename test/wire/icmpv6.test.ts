import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { transportChecksum } from '../../src/wire/checksum.ts';
import { decodeIcmp } from '../../src/wire/icmpv4.ts';
import {
  encodeIcmpv6,
  ICMPV6_PORT_UNREACHABLE,
  ICMPV6_TYPE,
  ICMPV6_UNRECOGNISED_NEXT_HEADER,
} from '../../src/wire/icmpv6.ts';
import { decodeIpv6 } from '../../src/wire/ipv6.ts';
import { embedded, goldenPacket } from '../support/hex.ts';
import { endpoints, octets, uint32, uint8 } from './codec-checks.ts';

describe('an ICMPv6 message', () => {
  for (const [name, type, code, rest] of [
    ['icmpv6-time-exceeded', ICMPV6_TYPE.timeExceeded, 0, 0],
    ['icmpv6-port-unreachable', ICMPV6_TYPE.destinationUnreachable, ICMPV6_PORT_UNREACHABLE, 0],
    ['icmpv6-packet-too-big', ICMPV6_TYPE.packetTooBig, 0, 1280],
    ['icmpv6-parameter-problem', ICMPV6_TYPE.parameterProblem, ICMPV6_UNRECOGNISED_NEXT_HEADER, 40],
    ['icmpv6-echo-request', ICMPV6_TYPE.echoRequest, 0, 0x20300001],
    ['icmpv6-echo-reply', ICMPV6_TYPE.echoReply, 0, 0x20300002],
    ['icmpv6-time-exceeded-mpls', ICMPV6_TYPE.timeExceeded, 0, 0x10000000],
  ] as const) {
    it(`reproduces ${name}`, () => {
      const packet = goldenPacket(name);
      const message = packet.subarray(40);
      const fields = { type, code, rest, body: message.subarray(8) };
      assert.deepEqual(encodeIcmpv6(fields, decodeIpv6(packet)), message.slice());
      const { checksum, ...decoded } = decodeIcmp(message);
      assert.deepEqual(decoded, fields, `checksum ${checksum}`);
    });
  }

  it('is decoded as it was encoded, unknown types and codes too, and its checksum verifies', () => {
    fc.assert(
      fc.property(endpoints, uint8, uint8, uint32, octets(80), (addresses, type, code, rest, body) => {
        const encoded = embedded(encodeIcmpv6({ type, code, rest, body }, addresses));
        const { checksum, ...decoded } = decodeIcmp(encoded);
        assert.deepEqual(decoded, { type, code, rest, body });
        assert.equal(transportChecksum(addresses, 58, encoded), 0, `checksum ${checksum}`);
      }),
    );
  });
});
