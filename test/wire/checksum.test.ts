import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concat } from '../../src/wire/bytes.ts';
import { internetChecksum, transportChecksum, updatedChecksum } from '../../src/wire/checksum.ts';
import { crc32c } from '../../src/wire/crc32c.ts';
import { embedded, goldenPacket, octetsOfHex } from '../support/hex.ts';
import { endpoints, exactly, octets, uint8 } from './codec-checks.ts';

/** `bytes` with `checksum` in its first two octets. */
function filled(bytes: Uint8Array, checksum: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint16(0, checksum);
  return copy;
}

const withField = octets(80).map((data) => concat(new Uint8Array(2), data));

describe('the Internet checksum', () => {
  it('agrees with the example of RFC 1071 section 3', () => {
    const example = embedded(octetsOfHex('00 01 f2 03 f4 f5 f6 f7'));
    assert.equal(internetChecksum(example), ~0xddf2 & 0xffff);
  });

  it('is 0 over what holds it', () => {
    fc.assert(
      fc.property(withField, (bytes) => {
        assert.equal(internetChecksum(embedded(filled(bytes, internetChecksum(bytes)))), 0);
      }),
    );
  });

  it('pads an odd octet with zero, and counts no more octets than it is told', () => {
    fc.assert(
      fc.property(octets(81), octets(9), (bytes, more) => {
        const padded = concat(bytes, new Uint8Array(bytes.length % 2));
        assert.equal(internetChecksum(embedded(bytes)), internetChecksum(padded));
        assert.equal(internetChecksum(concat(bytes, more), bytes.length), internetChecksum(bytes));
      }),
    );
  });

  it('does not care for the byte order, RFC 1071 section 2 (B)', () => {
    const swap = (word: number) => ((word & 0xff) << 8) | (word >> 8);
    fc.assert(
      fc.property(fc.array(fc.tuple(uint8, uint8)), (words) => {
        const swapped = words.map(([high, low]) => [low, high]);
        assert.equal(
          internetChecksum(Uint8Array.from(words.flat())),
          swap(internetChecksum(Uint8Array.from(swapped.flat()))),
        );
      }),
    );
  });

  it('is updated to that of the changed words, but for the form of zero', () => {
    const head = exactly(16);
    fc.assert(
      fc.property(head, head, octets(40), (before, after, rest) => {
        const updated = updatedChecksum(internetChecksum(concat(before, rest)), before, after);
        assert.equal(updated % 0xffff, internetChecksum(concat(after, rest)) % 0xffff);
      }),
    );
  });

  it('carries once more where a carry makes one', () => {
    assert.equal(internetChecksum(octetsOfHex('ffff ffff 0001')), 0xfffe);
  });

  it('carries right over the largest datagram', () => {
    assert.equal(internetChecksum(new Uint8Array(65535).fill(0xff)), 0x00ff);
    assert.equal(internetChecksum(new Uint8Array(65534).fill(0xff)), 0);
    assert.equal(internetChecksum(new Uint8Array(0)), 0xffff);
  });
});

describe('the checksum with a pseudo-header', () => {
  it('is 0 over what holds it', () => {
    fc.assert(
      fc.property(endpoints, uint8, withField, (addresses, protocol, segment) => {
        const checksum = transportChecksum(addresses, protocol, segment);
        assert.equal(transportChecksum(addresses, protocol, embedded(filled(segment, checksum))), 0);
      }),
    );
  });

  it('is that of the pseudo-header of RFC 9293 section 3.1 or RFC 8200 section 8.1', () => {
    fc.assert(
      fc.property(endpoints, uint8, octets(80), (addresses, protocol, segment) => {
        const { source, destination } = addresses;
        const tail =
          source.length === 4
            ? [0, protocol, 0, segment.length]
            : [0, 0, 0, segment.length, 0, 0, 0, protocol];
        const covered = concat(source, destination, Uint8Array.from(tail), segment);
        assert.equal(transportChecksum(addresses, protocol, segment), internetChecksum(covered));
      }),
    );
  });

  it('covers the whole pseudo-header but only a part of a UDP-Lite segment', () => {
    fc.assert(
      fc.property(endpoints, octets(40), octets(40), (addresses, data, changed) => {
        const one = concat(data, new Uint8Array(changed.length));
        const other = concat(data, changed);
        const over = (segment: Uint8Array) => transportChecksum(addresses, 136, segment, data.length);
        assert.equal(over(one), over(embedded(other)));
      }),
    );
  });

  for (const [name, header, protocol] of [
    ['udp-probe', 20, 17],
    ['udplite-probe', 20, 136],
    ['tcp-syn-ack', 20, 6],
    ['tcp-rst', 20, 6],
    ['udp6-probe', 40, 17],
    ['udplite6-probe', 40, 136],
    ['tcp6-syn-ack', 40, 6],
    ['icmpv6-time-exceeded', 40, 58],
    ['icmpv6-packet-too-big', 40, 58],
    ['icmpv6-time-exceeded-mpls', 40, 58],
  ] as const) {
    it(`is 0 over what ${name} covers`, () => {
      const packet = goldenPacket(name);
      const [first, length] = header === 20 ? [12, 4] : [8, 16];
      const addresses = {
        source: packet.subarray(first, first + length),
        destination: packet.subarray(first + length, first + 2 * length),
      };
      const segment = packet.subarray(header);
      // both UDP-Lite probes cover their header alone
      const covered = protocol === 136 ? 8 : segment.length;
      assert.equal(transportChecksum(addresses, protocol, segment, covered), 0);
    });
  }
});

describe('CRC-32C', () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);
  for (const [what, bytes, crc] of [
    ['nothing', new Uint8Array(0), 0],
    ['"123456789"', new TextEncoder().encode('123456789'), 0xe3069283],
    ['32 octets of zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 octets of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 octets counting up', ascending, 0x46dd794e],
    ['32 octets counting down', ascending.toReversed(), 0x113fdb5c],
  ] as const) {
    it(`agrees with RFC 3720 appendix B.4 and the check value: ${what}`, () => {
      assert.equal(crc32c(embedded(bytes)), crc);
    });
  }

  it('agrees with RFC 3720 appendix B.4: an iSCSI read command', () => {
    const command = octetsOfHex(`
      01 c0 00 00 00 00 00 00 00 00 00 00 00 00 00 00 14 00 00 00 00 00 04 00
      00 00 00 14 00 00 00 18 28 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00`);
    assert.equal(crc32c(embedded(command)), 0xd9963a56);
  });
});
