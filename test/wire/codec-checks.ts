/** Checks that every codec must pass. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WireError } from '../../src/wire/wire-error.ts';
import { embedded } from '../support/hex.ts';

type Decode = (octets: Uint8Array) => unknown;

export const uint8 = fc.integer({ min: 0, max: 0xff });
export const uint16 = fc.integer({ min: 0, max: 0xffff });
export const uint32 = fc.integer({ min: 0, max: 0xffffffff });

/** Up to `maxLength` octets. */
export function octets(maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ maxLength });
}

/** Exactly `length` octets. */
export function exactly(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

/** Objects of these fields, with the prototype of object literals, as codecs return them. */
export function record<T>(fields: { [Field in keyof T]: fc.Arbitrary<T[Field]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true });
}

/** The source and destination of a datagram of either family. */
export const endpoints = fc
  .constantFrom(4, 16)
  .chain((length) => record({ source: exactly(length), destination: exactly(length) }));

/** Checks that `decode` needs `needed` octets of `valid`, and refuses whatever is shorter as truncated. */
export function everyPrefixIsRefused(decode: Decode, valid: Uint8Array, needed: number): void {
  for (let length = 0; length < needed; length++) {
    assert.throws(
      () => decode(embedded(valid.subarray(0, length))),
      (error) => error instanceof WireError && error.code === 'truncated',
      `${length} of ${needed} octets`,
    );
  }
  decode(embedded(valid.subarray(0, needed)));
}

/** Checks that `decode` refuses `octets` as malformed at `offset`. */
export function isMalformed(decode: Decode, octets: Uint8Array, offset: number): void {
  assert.throws(() => decode(embedded(octets)), { name: 'WireError', code: 'malformed', offset });
}

/** Checks that `decode` returns or throws WireError on arbitrary octets, and on `valid` ones cut and changed. */
export function returnsOrRefuses(decode: Decode, ...valid: readonly Uint8Array[]): void {
  const inputs = fc.oneof(octets(200), ...valid.map(corrupted));
  fc.assert(
    fc.property(inputs, (input) => {
      try {
        decode(embedded(input));
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        assert.ok(error.offset <= input.length);
      }
    }),
    { numRuns: 300 },
  );
}

function corrupted(valid: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat({ max: Math.min(valid.length, 80) - 1 }), uint8);
  return fc
    .tuple(fc.array(change, { maxLength: 4 }), fc.nat({ max: valid.length }))
    .map(([changes, length]) => {
      const copy = valid.slice();
      for (const [offset, octet] of changes) copy[offset] = octet;
      return copy.subarray(0, length);
    });
}
