import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressOf, octetsOf } from '../../src/model/address.ts';
import { embeddedIpv4, parseNat64Prefix, WELL_KNOWN_PREFIX } from '../../src/model/nat64.ts';

/** The examples of RFC 6052 section 2.4: 192.0.2.33 behind prefixes of each length. */
const EXAMPLES = [
  ['2001:db8::/32', '2001:db8:c000:221::'],
  ['2001:db8:100::/40', '2001:db8:1c0:2:21::'],
  ['2001:db8:122::/48', '2001:db8:122:c000:2:2100::'],
  ['2001:db8:122:300::/56', '2001:db8:122:3c0:0:221::'],
  ['2001:db8:122:344::/64', '2001:db8:122:344:c0:2:2100::'],
  ['2001:db8:122:344::/96', '2001:db8:122:344::c000:221'],
] as const;

describe('embeddedIpv4', () => {
  for (const [text, address] of EXAMPLES) {
    it(`finds 192.0.2.33 in ${address} behind ${text}`, () => {
      const prefix = parseNat64Prefix(text);
      assert.ok(prefix);
      assert.equal(embeddedIpv4(address, [prefix]), '192.0.2.33');
    });
  }

  it('knows the well-known prefix, at its 96 bits alone', () => {
    assert.equal(embeddedIpv4('64:ff9b::c000:221', [WELL_KNOWN_PREFIX]), '192.0.2.33');
    assert.equal(embeddedIpv4('64:ff9b:0:0:0:1:c000:221', [WELL_KNOWN_PREFIX]), undefined);
    // RFC 8215: the local-use prefix has to be given
    assert.equal(embeddedIpv4('64:ff9b:1::c000:221', [WELL_KNOWN_PREFIX]), undefined);
  });

  it('takes the first prefix that fits, and none of IPv4', () => {
    const prefixes = ['2001:db8:122:344::/96', '2001:db8::/32'].flatMap(
      (text) => parseNat64Prefix(text) ?? [],
    );
    assert.equal(embeddedIpv4('2001:db8:122:344::c000:221', prefixes), '192.0.2.33');
    assert.equal(embeddedIpv4('2001:db8:c000:221::', prefixes), '192.0.2.33');
    assert.equal(embeddedIpv4('192.0.2.33', prefixes), undefined);
    assert.equal(embeddedIpv4('2001:db8:c000:221::', []), undefined);
  });

  it('finds any address behind the well-known prefix', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ipv4) => {
        const octets = octetsOf('64:ff9b::');
        octets.set(octetsOf(ipv4), 12);
        assert.equal(embeddedIpv4(addressOf(octets), [WELL_KNOWN_PREFIX]), ipv4);
      }),
    );
  });
});

describe('parseNat64Prefix', () => {
  for (const text of [
    ['', 'nothing'],
    ['2001:db8::', 'no length'],
    ['2001:db8::/', 'an empty length'],
    ['2001:db8::/95', 'a length that RFC 6052 has not'],
    ['2001:db8::/128', 'no room for an address'],
    ['2001:db8::/096', 'a length in another form'],
    ['192.0.2.0/96', 'an IPv4 prefix'],
    ['nonsense/96', 'no address'],
    ['/96', 'no prefix'],
    ['2001:db8::/96/96', 'two lengths'],
  ] as const) {
    it(`refuses ${text[1]}: "${text[0]}"`, () => {
      assert.equal(parseNat64Prefix(text[0]), undefined);
    });
  }
});
