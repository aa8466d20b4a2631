import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blank, concat, equal, setUint16, setUint32, viewOf } from '../../src/wire/bytes.ts';
import { WireError } from '../../src/wire/wire-error.ts';
import { embedded } from '../support/hex.ts';

describe('bytes', () => {
  it('views only its part of a buffer, big-endian', () => {
    const view = viewOf(embedded(Uint8Array.of(0x12, 0x34)), 2, 'X');
    assert.equal(view.getUint16(0), 0x1234);
    assert.equal(view.byteLength, 2);
    assert.throws(() => view.getUint8(2), RangeError);
  });

  it('says which header was truncated, where, and what it needs', () => {
    assert.throws(() => viewOf(new Uint8Array(3), 8, 'UDP'), {
      name: 'WireError',
      code: 'truncated',
      header: 'UDP',
      offset: 3,
      message: 'UDP truncated at octet 3: need 8 octets, got 3',
    });
    assert.ok(new WireError('malformed', 'UDP', 0, '') instanceof Error);
  });

  it('puts a header of zeros before a copy of the payload', () => {
    const payload = embedded(Uint8Array.of(7, 8));
    const bytes = blank(3, payload);
    payload.fill(0);
    assert.deepEqual(bytes, Uint8Array.of(0, 0, 0, 7, 8));
  });

  it('writes numbers big-endian', () => {
    const bytes = new Uint8Array(8);
    setUint16(bytes, 1, 0x1234);
    setUint32(bytes, 3, 0xfedcba98);
    assert.deepEqual(bytes, Uint8Array.of(0, 0x12, 0x34, 0xfe, 0xdc, 0xba, 0x98, 0));
  });

  it('joins parts and compares them', () => {
    const parts = [Uint8Array.of(1), new Uint8Array(0), embedded(Uint8Array.of(2, 3))];
    assert.deepEqual(concat(...parts), Uint8Array.of(1, 2, 3));
    assert.deepEqual(concat(), new Uint8Array(0));
    assert.ok(equal(embedded(Uint8Array.of(1, 2)), Uint8Array.of(1, 2)));
    assert.ok(!equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
    assert.ok(!equal(Uint8Array.of(1, 2), Uint8Array.of(1)));
    assert.ok(!equal(Uint8Array.of(1), Uint8Array.of(1, 2)));
  });
});
