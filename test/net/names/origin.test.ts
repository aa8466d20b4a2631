import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asNumberOf, isLocalUse } from '../../../src/net/names/origin.ts';

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
