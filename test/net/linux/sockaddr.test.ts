import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  decodeSockaddr,
  encodeSockaddr,
  writeSockaddr,
  type SocketAddress,
} from '../../../src/net/linux/sockaddr.ts';
import { octetsOf } from '../../../src/model/address.ts';
import { octetsOfHex } from '../../support/hex.ts';

/** As a C program on x86-64 fills them. */
const GOLDEN: readonly (readonly [string, SocketAddress, number, string])[] = [
  [
    'sockaddr_in',
    { family: 4, octets: octetsOf('198.51.100.9'), port: 33_435, scopeId: 0 },
    0,
    '0200 829b c6336409 0000000000000000',
  ],
  [
    'sockaddr_in6',
    { family: 6, octets: octetsOf('fe80::1'), port: 443, scopeId: 3 },
    0xabcde,
    '0a00 01bb 000abcde fe800000000000000000000000000001 03000000',
  ],
];

const addresses: fc.Arbitrary<SocketAddress> = fc.oneof(
  fc.record({
    family: fc.constant(4 as const),
    octets: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    port: fc.integer({ min: 0, max: 65_535 }),
    scopeId: fc.constant(0),
  }),
  fc.record({
    family: fc.constant(6 as const),
    octets: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    port: fc.integer({ min: 0, max: 65_535 }),
    scopeId: fc.integer({ min: 0, max: 0xffff_ffff }),
  }),
);

describe('socket addresses', () => {
  for (const [name, address, flowInfo, hex] of GOLDEN) {
    it(`writes a ${name}`, () => {
      assert.deepEqual(encodeSockaddr(address, flowInfo), octetsOfHex(hex));
    });
  }

  it('reads back what it writes, wherever it is', () => {
    fc.assert(
      fc.property(addresses, fc.integer({ min: 0, max: 40 }), (address, offset) => {
        const memory = new Uint8Array(80).fill(0xee);
        const length = writeSockaddr(memory.subarray(offset), address);
        assert.deepEqual(decodeSockaddr(memory, offset), { ...address });
        assert.equal(memory[offset + length], 0xee);
      }),
    );
  });

  it('knows no other family', () => {
    assert.equal(decodeSockaddr(Uint8Array.of(1, 0, 47, 0)), undefined);
  });
});
