import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concat } from '../../src/wire/bytes.ts';
import { skipExtensionHeaders } from '../../src/wire/ipv6-extension.ts';
import { decodeIpv6, encodeIpv6 } from '../../src/wire/ipv6.ts';
import { embedded, goldenPacket, goldenPacketNames, octetsOfHex } from '../support/hex.ts';
import {
  everyPrefixIsRefused,
  exactly,
  isMalformed,
  octets,
  record,
  returnsOrRefuses,
  uint8,
} from './codec-checks.ts';

const HOST = octetsOfHex('20010db8 00010000 00000000 00000001');
const TARGET = octetsOfHex('20010db8 00020000 00000000 00000001');
const probe = goldenPacket('udp6-probe');

describe('the IPv6 header', () => {
  it('is decoded', () => {
    assert.deepEqual(decodeIpv6(probe), {
      trafficClass: 0,
      flowLabel: 0x44d57,
      payloadLength: 40,
      nextHeader: 17,
      hopLimit: 1,
      source: HOST,
      destination: TARGET,
    });
  });

  for (const name of goldenPacketNames().filter((name) => (goldenPacket(name)[0] ?? 0) >> 4 === 6)) {
    it(`reproduces ${name}`, () => {
      const packet = goldenPacket(name);
      assert.deepEqual(encodeIpv6(decodeIpv6(packet), packet.subarray(40)), packet.slice());
    });
  }

  it('refuses what is too short, and another version', () => {
    everyPrefixIsRefused(decodeIpv6, probe, 40);
    isMalformed(decodeIpv6, Uint8Array.of(0x45, ...new Uint8Array(39)), 0);
  });

  it('is decoded as it was encoded', () => {
    const headers = record({
      trafficClass: uint8,
      flowLabel: fc.integer({ min: 0, max: 0xfffff }),
      nextHeader: uint8,
      hopLimit: uint8,
      source: exactly(16),
      destination: exactly(16),
    });
    fc.assert(
      fc.property(headers, octets(60), (header, payload) => {
        const packet = embedded(encodeIpv6(header, embedded(payload)));
        assert.deepEqual(decodeIpv6(packet), { ...header, payloadLength: payload.length });
        assert.deepEqual(packet.subarray(40), payload);
      }),
    );
  });

  it('survives arbitrary octets', () => {
    returnsOrRefuses(decodeIpv6, probe);
  });
});

describe('the chain of IPv6 extension headers', () => {
  const udp = 17;
  for (const [what, nextHeader, octetsInHex, offset] of [
    ['none', udp, '', 0],
    ['no next header', 59, '', 0],
    ['ESP, which hides what follows', 50, '11 00', 0],
    ['hop-by-hop options of 8 octets', 0, '11 00 0104 00000000', 8],
    ['destination options of 16 octets', 60, '11 01 010c 00000000 0000000000000000', 16],
    ['routing', 43, '11 00 0300 00000000', 8],
    ['mobility', 135, '11 00 0000 00000000', 8],
    ['authentication of 16 octets, counted in words of 4', 51, '11 02 0000 00000000 0000000000000000', 16],
    ['a first fragment, whose second octet is no length', 44, '11 ff 0001 12345678', 8],
    ['hop-by-hop options, then a fragment', 0, '2c 00 0104 00000000 11 00 0001 12345678', 16],
  ] as const) {
    it(`is walked: ${what}`, () => {
      const chain = octetsOfHex(octetsInHex);
      const protocol = [59, 50].includes(nextHeader) ? nextHeader : udp;
      assert.deepEqual(skipExtensionHeaders(embedded(chain), nextHeader), {
        protocol,
        offset,
        fragmentOffset: 0,
      });
      everyPrefixIsRefused((bytes) => skipExtensionHeaders(bytes, nextHeader), chain, offset);
    });
  }

  it('ends at a later fragment, even where another extension header is announced', () => {
    const later = goldenPacket('udp6-later-fragment').subarray(40);
    assert.deepEqual(skipExtensionHeaders(later, 44), { protocol: udp, offset: 8, fragmentOffset: 154 });
    const announced = octetsOfHex('3c 00 04d0 12345678');
    assert.deepEqual(skipExtensionHeaders(embedded(announced), 44), {
      protocol: 60,
      offset: 8,
      fragmentOffset: 154,
    });
  });

  it('may hold 16 headers and no more', () => {
    const one = octetsOfHex('3c 00 0104 00000000');
    const last = octetsOfHex('11 00 0104 00000000');
    const chain = (length: number) => concat(...Array.from({ length: length - 1 }, () => one), last);
    assert.deepEqual(skipExtensionHeaders(chain(16), 60), { protocol: udp, offset: 128, fragmentOffset: 0 });
    isMalformed((bytes) => skipExtensionHeaders(bytes, 60), chain(17), 0);
  });

  it('survives arbitrary octets after any next header', () => {
    for (const nextHeader of [0, 6, 43, 44, 51, 60, 135, 255]) {
      returnsOrRefuses(
        (bytes) => skipExtensionHeaders(bytes, nextHeader),
        octetsOfHex('00 00 3c00 00000000'),
      );
    }
  });
});
