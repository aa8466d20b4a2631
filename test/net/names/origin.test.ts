import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cymruName, cymruOrigin } from '../../../src/net/names/cymru.ts';
import { asNumberOf, isLocalUse } from '../../../src/net/names/origin.ts';
import { reverseName } from '../../../src/net/names/reverse-name.ts';

const NIBBLES = `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2`;

describe('reverseName', () => {
  it('reverses octets and nibbles', () => {
    assert.equal(reverseName('192.0.2.10'), '10.2.0.192.in-addr.arpa');
    assert.equal(reverseName('2001:db8::1'), `${NIBBLES}.ip6.arpa`);
    assert.equal(reverseName('2001:db8::1%eth0'), `${NIBBLES}.ip6.arpa`);
  });
});

describe('cymruName', () => {
  it('has a zone for each family', () => {
    assert.equal(cymruName('216.90.108.31'), '31.108.90.216.origin.asn.cymru.com');
    assert.equal(cymruName('2001:db8::1'), `${NIBBLES}.origin6.asn.cymru.com`);
  });
});

describe('cymruOrigin', () => {
  const cases: [what: string, records: string[], origin: number | undefined][] = [
    ['one record', ['23028 | 216.90.108.0/24 | US | arin | 1998-09-25'], 23028],
    ['several numbers', ['64500 64501 | 192.0.2.0/24 | US | arin |'], 64500],
    [
      'the most specific of several',
      ['1 | 192.0.0.0/16 | |', '2 | 192.0.2.0/24 | |', '3 | 192.0.0.0/8 | |'],
      2,
    ],
    ['the first of equals', ['1 | 192.0.2.0/24 |', '2 | 192.0.2.0/24 |'], 1],
    ['IPv6', ['64500 | 2001:db8::/32 | | |', '64501 | 2001:db8::/48 | | |'], 64501],
    ['no number', ['NA | 192.0.2.0/24 | |'], undefined],
    ['a number without a prefix', ['64500'], 64500],
    ['one too great', ['4294967296 | 192.0.2.0/24 |'], undefined],
    ['nonsense', ['', '|', '| |', '\x1b[2J', '-1 | 192.0.2.0/24'], undefined],
    ['none', [], undefined],
  ];
  for (const [what, records, origin] of cases) {
    it(`reads ${what}`, () => {
      assert.equal(cymruOrigin(records), origin);
    });
  }
});

describe('asNumberOf', () => {
  it('takes 32 bits and nothing else', () => {
    const texts = ['0', '64500', '4294967295', '4294967296', '99999999999', '', 'x1', '1e3'];
    assert.deepEqual(texts.map(asNumberOf), [
      0,
      64500,
      4294967295,
      ...Array<undefined>(4).fill(undefined),
      1,
    ]);
  });
});

describe('isLocalUse', () => {
  const local =
    '0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 169.254.1.1 172.31.0.1 192.168.1.1 224.0.0.1 255.255.255.255';
  const local6 = ':: ::1 fe80::1 fe80::1%eth0 fd00::1 ff02::1';
  for (const address of `${local} ${local6}`.split(' ')) {
    it(`is true of ${address}`, () => {
      assert.equal(isLocalUse(address), true);
    });
  }
  for (const address of '1.1.1.1 100.128.0.1 172.32.0.1 192.0.2.1 223.255.255.255 2001:db8::1 ::2'.split(
    ' ',
  )) {
    it(`is false of ${address}`, () => {
      assert.equal(isLocalUse(address), false);
    });
  }
});
