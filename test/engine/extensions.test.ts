import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { extensionsOf } from '../../src/engine/extensions.ts';

const MPLS = { classNumber: 1, classType: 1, payload: Uint8Array.of(0x03, 0xe8, 0x41, 0x01) };

describe('extensionsOf', () => {
  it('reads each object by its class, in their order', () => {
    const index = { classNumber: 2, classType: 0x08, payload: Uint8Array.of(0, 0, 0, 7) };
    assert.deepEqual(extensionsOf([MPLS, index]), [
      {
        ...{ class: 1, type: 1, kind: 'mpls' },
        labels: [{ label: 16_004, trafficClass: 0, bottomOfStack: true, ttl: 1 }],
      },
      { class: 2, type: 8, kind: 'interface', role: 'incoming', index: 7 },
    ]);
  });

  it('writes an address as text', () => {
    const object = { classNumber: 2, classType: 0x84, payload: Uint8Array.of(0, 1, 0, 0, 192, 0, 2, 1) };
    const [found] = extensionsOf([object]);
    assert.deepEqual(found, {
      ...{ class: 2, type: 0x84, kind: 'interface', role: 'outgoing', address: '192.0.2.1' },
    });
  });

  it('keeps the octets of a class that it does not know, and of an object that is malformed', () => {
    for (const [classNumber, classType] of [
      [200, 7],
      [2, 0x02],
      [1, 2],
    ] as const) {
      const octets = Uint8Array.of(0, 0xbe, 0xef, 1);
      assert.deepEqual(extensionsOf([{ classNumber, classType, payload: octets }]), [
        { class: classNumber, type: classType, kind: 'other', octets },
      ]);
    }
  });

  it('finds none where there are none', () => {
    assert.deepEqual(extensionsOf([]), []);
  });
});
