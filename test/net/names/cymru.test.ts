import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cymruName, cymruOrigin } from '../../../src/net/names/cymru.ts';

describe('cymruName', () => {
  it('has a zone for each family', () => {
    assert.equal(cymruName('216.90.108.31'), '31.108.90.216.origin.asn.cymru.com');
    assert.equal(cymruName('2001:db8::1'), `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.origin6.asn.cymru.com`);
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
