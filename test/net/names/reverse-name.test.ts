import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reverseName } from '../../../src/net/names/reverse-name.ts';

const NIBBLES = `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2`;

describe('reverseName', () => {
  it('reverses octets and nibbles', () => {
    assert.equal(reverseName('192.0.2.10'), '10.2.0.192.in-addr.arpa');
    assert.equal(reverseName('2001:db8::1'), `${NIBBLES}.ip6.arpa`);
    assert.equal(reverseName('2001:db8::1%eth0'), `${NIBBLES}.ip6.arpa`);
  });
});
