import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { transportChecksum } from '../../src/wire/checksum.ts';
import { decodeIpv4 } from '../../src/wire/ipv4.ts';
import { decodeUdp, encodeUdp, UDP_CHECKSUM_OFFSET } from '../../src/wire/udp.ts';
import { embedded, goldenPacket } from '../support/hex.ts';
import { everyPrefixIsRefused, octets, record, returnsOrRefuses, uint16 } from './codec-checks.ts';

describe('the UDP and UDP-Lite header', () => {
  for (const [name, protocol, expected] of [
    ['udp-probe', 17, { sourcePort: 34927, destinationPort: 33434, lengthOrCoverage: 40, checksum: 0x1359 }],
    ['udplite-probe', 136, { sourcePort: 59623, destinationPort: 53, lengthOrCoverage: 8, checksum: 0x29f4 }],
  ] as const) {
    it(`is decoded from ${name} and reproduces it`, () => {
      const packet = goldenPacket(name);
      const segment = packet.subarray(20);
      assert.deepEqual(decodeUdp(segment), expected);
      const encoded = encodeUdp({ ...expected, checksum: 0 }, segment.subarray(8));
      const covered = expected.lengthOrCoverage;
      const checksum = transportChecksum(decodeIpv4(packet), protocol, encoded, covered);
      new DataView(encoded.buffer).setUint16(UDP_CHECKSUM_OFFSET, checksum);
      assert.deepEqual(encoded, segment.slice());
      everyPrefixIsRefused(decodeUdp, segment, 8);
    });
  }

  it('is decoded as it was encoded', () => {
    const headers = record({
      sourcePort: uint16,
      destinationPort: uint16,
      lengthOrCoverage: uint16,
      checksum: uint16,
    });
    fc.assert(
      fc.property(headers, octets(60), (header, payload) => {
        const segment = embedded(encodeUdp(header, embedded(payload)));
        assert.deepEqual(decodeUdp(segment), header);
        assert.deepEqual(segment.subarray(8), payload);
      }),
    );
  });

  it('survives arbitrary octets', () => {
    returnsOrRefuses(decodeUdp);
  });
});
