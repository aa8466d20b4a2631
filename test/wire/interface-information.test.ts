import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeInterface } from '../../src/wire/interface-information.ts';

const NAME = [8, ...Buffer.from('eth1'), 0, 0, 0];

function decode(classType: number, payload: readonly number[]): ReturnType<typeof decodeInterface> {
  return decodeInterface({ classNumber: 2, classType, payload: Uint8Array.from(payload) });
}

describe('an interface information object of RFC 5837', () => {
  it('tells index, IPv4 address, name and MTU, in this order', () => {
    const payload = [0, 0, 0, 4, 0, 1, 0, 0, 192, 0, 2, 1, ...NAME, 0, 0, 5, 220];
    const address = Uint8Array.of(192, 0, 2, 1);
    assert.deepEqual(decode(0x0f, payload), {
      ...{ role: 'incoming', index: 4, address, name: 'eth1', mtu: 1500 },
    });
  });

  it('tells an IPv6 address', () => {
    const address = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    assert.deepEqual(decode(0x04, [0, 2, 0, 0, ...address])?.address, Uint8Array.from(address));
  });

  for (const [classType, role] of [
    [0x00, 'incoming'],
    [0x40, 'sub-ip'],
    [0x80, 'outgoing'],
    [0xc0, 'next-hop'],
  ] as const) {
    it(`has the role ${role} for class type ${classType}, and nothing else where no bit is set`, () => {
      assert.deepEqual(decode(classType, []), { role });
    });
  }

  for (const [why, classType, payload] of [
    ['an address of a family that is neither IPv4 nor IPv6', 0x04, [0, 3, 0, 0, 1, 2, 3, 4]],
    ['an address that is cut', 0x04, [0, 1, 0, 0, 192, 0, 2]],
    ['a name of no octets', 0x02, [0, 0, 0, 0]],
    ['a name whose length is no multiple of four', 0x02, [6, 101, 116, 104, 49, 0]],
    ['a name longer than 64 octets', 0x02, [68, ...new Array<number>(67).fill(97)]],
    ['a name that is cut', 0x02, [8, 101, 116, 104]],
  ] as const) {
    it(`is malformed with ${why}`, () => {
      assert.equal(decode(classType, payload), undefined);
    });
  }

  it('is of class 2', () => {
    assert.equal(decodeInterface({ classNumber: 3, classType: 0, payload: new Uint8Array(0) }), undefined);
  });
});
