import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concat } from '../../src/wire/bytes.ts';
import { internetChecksum } from '../../src/wire/checksum.ts';
import { fragmentIpv4, fragmentIpv6 } from '../../src/wire/fragment.ts';
import { decodeIpv4, encodeIpv4 } from '../../src/wire/ipv4.ts';
import { decodeIpv6, encodeIpv6 } from '../../src/wire/ipv6.ts';
import { skipExtensionHeaders } from '../../src/wire/ipv6-extension.ts';
import { octetsOfHex } from '../support/hex.ts';

/** A loose source route over 192.0.2.1 and a filling octet. RFC 791 section 3.1 */
const ROUTE = octetsOfHex('83 07 04 c0000201 00');
const payloadOf = (length: number) => Uint8Array.from({ length }, (_, index) => index * 7);
const lengths = fc.integer({ min: 1, max: 32_768 });

function ipv4(length: number, options: Uint8Array = new Uint8Array(0), identification = 0x4711): Uint8Array {
  const addresses = { source: octetsOfHex('c0000202'), destination: octetsOfHex('c6336407') };
  const header = { tos: 0xb8, identification, dontFragment: false, ttl: 3, protocol: 17, options };
  return encodeIpv4({ ...header, ...addresses }, payloadOf(length));
}

function ipv6(length: number): Uint8Array {
  const source = octetsOfHex('20010db8 00010000 00000000 00000001');
  const fields = { trafficClass: 0xb8, flowLabel: 0xabcde, nextHeader: 58, hopLimit: 4 };
  return encodeIpv6({ ...fields, source, destination: source }, payloadOf(length));
}

describe('IPv4 fragments', () => {
  it('have what was cut, in order, and no more than the MTU', () => {
    const mtus = fc.integer({ min: 68, max: 9000 });
    fc.assert(
      fc.property(lengths, mtus, fc.constantFrom(new Uint8Array(0), ROUTE), (length, mtu, options) => {
        const fragments = fragmentIpv4(ipv4(length, options), mtu);
        const headers = fragments.map(decodeIpv4);
        const parts = fragments.map((octets, index) => octets.subarray(headers[index]?.headerLength));
        assert.deepEqual(concat(...parts), payloadOf(length));
        let at = 0;
        for (const [index, header] of headers.entries()) {
          assert.ok((fragments[index]?.length ?? Infinity) <= mtu);
          assert.equal(header.fragmentOffset * 8, at);
          assert.equal(header.moreFragments, index < headers.length - 1);
          at += parts[index]?.length ?? 0;
        }
      }),
    );
  });

  it('have the fields of the datagram, its source route, and right checksums', () => {
    for (const octets of fragmentIpv4(ipv4(3000, ROUTE), 1500)) {
      const { ttl, tos, protocol, identification, options, headerLength, dontFragment } = decodeIpv4(octets);
      assert.deepEqual([ttl, tos, protocol, identification, dontFragment], [3, 0xb8, 17, 0x4711, false]);
      assert.deepEqual(options, ROUTE);
      assert.equal(internetChecksum(octets, headerLength), 0);
    }
  });

  it('never have identification 0, for which the system would give each another', () => {
    const identifications = fragmentIpv4(ipv4(3000, undefined, 0), 1500).map(
      (octets) => decodeIpv4(octets).identification,
    );
    assert.deepEqual([...new Set(identifications)], [0xffff]);
  });
});

describe('IPv6 fragments', () => {
  it('have what was cut, in order, and no more than the MTU', () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1280, max: 9000 }), (length, mtu) => {
        let at = 0;
        for (const octets of fragmentIpv6(ipv6(length), mtu, 0xdeadbeef)) {
          assert.ok(octets.length <= mtu);
          const { nextHeader, trafficClass, flowLabel, hopLimit } = decodeIpv6(octets);
          assert.deepEqual([nextHeader, trafficClass, flowLabel, hopLimit], [44, 0xb8, 0xabcde, 4]);
          const rest = octets.subarray(40);
          const part = rest.subarray(8);
          assert.equal(skipExtensionHeaders(rest, 44).fragmentOffset * 8, at);
          assert.deepEqual([rest[0], rest[3], rest.slice(4, 8)], [58, lastOctet(at, part, length), ID]);
          assert.deepEqual(part, payloadOf(length).subarray(at, at + part.length));
          at += part.length;
        }
        assert.equal(at, length);
      }),
    );
  });
});

const ID = octetsOfHex('deadbeef');

/** The low octet of offset and flag: set where more follows. RFC 8200 section 4.5 */
function lastOctet(at: number, part: Uint8Array, length: number): number {
  return (at & 0xff) | (at + part.length < length ? 1 : 0);
}
