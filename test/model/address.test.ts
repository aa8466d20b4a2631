import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressOf, familyOf, isPrivateUse, octetsOf, parseAddress } from '../../src/model/address.ts';
import { embedded, octetsOfHex } from '../support/hex.ts';

const octets4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
const group = fc.constantFrom(0, 0, 0, 1, 0xff, 0xffff);
/** 16 octets with runs of zeros, so that there is something to compress. */
const octets16 = fc
  .array(group, { minLength: 8, maxLength: 8 })
  .map((groups) => Uint8Array.from(groups.flatMap((word) => [word >> 8, word & 0xff])));

describe('parseAddress', () => {
  for (const [text, canonical] of [
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['::', '::'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['0000::1', '::1'],
    // RFC 5952 section 4.2.3: the longest run of zeros; section 4.2.2: not one group alone
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:2:3:0:5:6:7:8', '1:2:3:0:5:6:7:8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['FE80:0::1%3', 'fe80::1%3'],
    ['fe80::1%br-lan.10_a', 'fe80::1%br-lan.10_a'],
    ['::192.0.2.1', '::c000:201'],
  ] as const) {
    it(`reads ${text}`, () => {
      assert.equal(parseAddress(text), canonical);
    });
  }

  for (const text of [
    '',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.1/24',
    '192.0.2.01',
    '0x7f.1.1.1',
    '2130706433',
    '192.0.2.1%eth0',
    '[::1]',
    ' ::1',
    '::1/128',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '00001::',
    'g::',
    '%eth0',
    'fe80::1%',
    'fe80::1%a%b',
    'fe80::1%eth0%',
    'fe80::1% eth0',
    'fe80::1%eth0\n',
    'fe80::1%\u001b[31m',
    'fe80::1%eth0/64',
  ]) {
    it(`takes ${JSON.stringify(text)} for no address`, () => {
      assert.equal(parseAddress(text), undefined);
    });
  }

  it('takes for addresses what the C library does, and keeps the canonical form', () => {
    const texts = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.string({ unit: fc.constantFrom('0', '1', '2', '5', '9', 'a', 'f', ':', '::', '.') }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const address = parseAddress(text);
        assert.equal(address === undefined ? 0 : familyOf(address), isIP(text));
        if (address !== undefined) assert.equal(parseAddress(address), address);
      }),
      { numRuns: 300 },
    );
  });
});

describe('octetsOf and addressOf', () => {
  it('agree with the text', () => {
    assert.deepEqual(octetsOf('192.0.2.1'), Uint8Array.of(192, 0, 2, 1));
    assert.deepEqual(octetsOf('fe80::1%eth0'), octetsOfHex('fe800000 00000000 00000000 00000001'));
    assert.equal(addressOf(embedded(octetsOfHex('20010db8 00000000 00000000 0000000f'))), '2001:db8::f');
    assert.equal(addressOf(embedded(Uint8Array.of(198, 51, 100, 1))), '198.51.100.1');
  });

  it('undo each other, by way of canonical text', () => {
    fc.assert(
      fc.property(fc.oneof(octets4, octets16, fc.uint8Array({ minLength: 16, maxLength: 16 })), (octets) => {
        const address = addressOf(embedded(octets));
        assert.deepEqual(octetsOf(address), octets);
        assert.equal(parseAddress(address), address);
        assert.equal(familyOf(address), octets.length === 4 ? 4 : 6);
      }),
    );
  });

  it('write IPv6 as the URL standard does, which follows RFC 5952', () => {
    fc.assert(
      fc.property(octets16, (octets) => {
        const address = addressOf(octets);
        assert.equal(new URL(`http://[${address}]/`).hostname, `[${address}]`);
      }),
    );
  });
});

describe('isPrivateUse', () => {
  for (const [address, expected] of [
    ['9.255.255.255', false],
    ['10.0.0.0', true],
    ['10.255.255.255', true],
    ['11.0.0.0', false],
    ['172.15.255.255', false],
    ['172.16.0.0', true],
    ['172.31.255.255', true],
    ['172.32.0.0', false],
    ['192.167.255.255', false],
    ['192.168.0.0', true],
    ['192.168.255.255', true],
    ['192.169.0.0', false],
    ['fd00::1', false],
    ['::ffff:a00:1', false],
  ] as const) {
    it(`is ${expected} for ${address}`, () => {
      assert.equal(isPrivateUse(address), expected);
    });
  }
});
