import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { internetChecksum } from '../../src/wire/checksum.ts';
import { encodeLooseSourceRoute } from '../../src/wire/ipv4-options.ts';
import { decodeIpv4, encodeIpv4, IPV4_OPTIONS_MAX_LENGTH } from '../../src/wire/ipv4.ts';
import { embedded, goldenPacket, goldenPacketNames } from '../support/hex.ts';
import {
  everyPrefixIsRefused,
  exactly,
  isMalformed,
  octets,
  record,
  returnsOrRefuses,
  uint16,
  uint8,
} from './codec-checks.ts';

const HOST = Uint8Array.of(192, 0, 2, 1);
const TARGET = Uint8Array.of(198, 51, 100, 1);
const probe = goldenPacket('udp-probe');
const sourceRoute = goldenPacket('udp-source-route');

describe('the IPv4 header', () => {
  it('is decoded', () => {
    assert.deepEqual(decodeIpv4(probe), {
      headerLength: 20,
      tos: 0,
      totalLength: 60,
      identification: 0x1b77,
      dontFragment: false,
      moreFragments: false,
      fragmentOffset: 0,
      ttl: 1,
      protocol: 17,
      checksum: 0xb204,
      source: HOST,
      destination: TARGET,
      options: new Uint8Array(0),
    });
  });

  it('is decoded with flags and with options', () => {
    const { tos, dontFragment, identification } = decodeIpv4(goldenPacket('tcp-syn-ack'));
    assert.deepEqual(
      { tos, dontFragment, identification },
      { tos: 0, dontFragment: true, identification: 0 },
    );
    assert.equal(decodeIpv4(goldenPacket('icmp-time-exceeded')).tos, 0xc0);
    const { headerLength, options } = decodeIpv4(sourceRoute);
    assert.equal(headerLength, 32);
    assert.deepEqual(options, encodeLooseSourceRoute([TARGET, TARGET]));
  });

  for (const name of goldenPacketNames().filter((name) => (goldenPacket(name)[0] ?? 0) >> 4 === 4)) {
    it(`reproduces ${name}`, () => {
      const packet = goldenPacket(name);
      const header = decodeIpv4(packet);
      assert.deepEqual(encodeIpv4(header, packet.subarray(header.headerLength)), packet.slice());
      assert.equal(internetChecksum(packet, header.headerLength), 0);
    });
  }

  it('refuses what is too short for header and options', () => {
    everyPrefixIsRefused(decodeIpv4, probe, 20);
    everyPrefixIsRefused(decodeIpv4, sourceRoute, 32);
  });

  it('refuses another version and a header length below 20', () => {
    for (const first of [0x55, 0x65, 0x05, 0x44, 0x40]) {
      isMalformed(decodeIpv4, Uint8Array.of(first, ...new Uint8Array(59)), 0);
    }
  });

  it('is decoded as it was encoded', () => {
    const headers = record({
      tos: uint8,
      identification: uint16,
      dontFragment: fc.boolean(),
      moreFragments: fc.boolean(),
      fragmentOffset: fc.integer({ min: 0, max: 0x1fff }),
      ttl: uint8,
      protocol: uint8,
      source: exactly(4),
      destination: exactly(4),
      options: fc.nat({ max: IPV4_OPTIONS_MAX_LENGTH / 4 }).chain((words) => exactly(words * 4)),
    });
    fc.assert(
      fc.property(headers, octets(60), (header, payload) => {
        const packet = embedded(encodeIpv4(header, embedded(payload)));
        const { headerLength, totalLength, checksum, ...decoded } = decodeIpv4(packet);
        assert.deepEqual(decoded, header);
        assert.equal(totalLength, packet.length);
        assert.deepEqual(packet.subarray(headerLength), payload);
        assert.equal(internetChecksum(packet, headerLength), 0, `checksum ${checksum}`);
      }),
    );
  });

  it('survives arbitrary octets', () => {
    returnsOrRefuses(decodeIpv4, probe, sourceRoute);
  });
});

describe('the loose source route', () => {
  it('fills the options to their limit with nine addresses', () => {
    const route = encodeLooseSourceRoute(Array.from({ length: 9 }, () => HOST));
    assert.equal(route.length, IPV4_OPTIONS_MAX_LENGTH);
    // RFC 791 section 3.1: no operation, then type 131, its own length, the pointer to the first address
    assert.deepEqual(route.subarray(0, 4), Uint8Array.of(1, 131, 39, 4));
  });
});
