import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concat } from '../../src/wire/bytes.ts';
import { internetChecksum } from '../../src/wire/checksum.ts';
import { splitExtensions, type IcmpExtensionObject } from '../../src/wire/icmp-extension.ts';
import { decodeLabelStack } from '../../src/wire/mpls.ts';
import { embedded, goldenPacket, octetsOfHex } from '../support/hex.ts';
import { octets, record, uint8 } from './codec-checks.ts';

/** The body of an ICMP error in a golden packet. */
const bodyOf = (name: string, ipHeaderLength: number) => goldenPacket(name).subarray(ipHeaderLength + 8);
const quote = bodyOf('icmp-time-exceeded-mpls', 20).subarray(0, 128);
const STACK = [
  { label: 24015, trafficClass: 5, bottomOfStack: false, ttl: 1 },
  { label: 16, trafficClass: 0, bottomOfStack: true, ttl: 254 },
];

/** The structure of RFC 4884 section 7 around what is given as its objects. */
function structure(objects: Uint8Array, checksum = true): Uint8Array {
  const bytes = concat(Uint8Array.of(0x20, 0, 0, 0), objects);
  if (checksum) new DataView(bytes.buffer).setUint16(2, internetChecksum(bytes));
  return bytes;
}

function encodeObject({ classNumber, classType, payload }: IcmpExtensionObject): Uint8Array {
  return concat(Uint8Array.of(0, 4 + payload.length, classNumber, classType), payload);
}

describe('the extensions of an ICMP error', () => {
  it('are split from the quote that the length field gives, unknown objects too', () => {
    const split = splitExtensions(bodyOf('icmp-time-exceeded-mpls', 20), 128);
    assert.deepEqual(split.quote, quote);
    assert.deepEqual(split.extensions, [
      { classNumber: 1, classType: 1, payload: octetsOfHex('05dcfa01 000101fe') },
      { classNumber: 200, classType: 7, payload: octetsOfHex('deadbeef') },
    ]);
    assert.deepEqual(decodeLabelStack(split.extensions), STACK);
  });

  it('are found after 128 octets where the length field is 0, RFC 4884 section 5.5', () => {
    const split = splitExtensions(bodyOf('icmp-time-exceeded-mpls-legacy', 20), 0);
    assert.deepEqual(split.quote, quote);
    assert.deepEqual(decodeLabelStack(split.extensions), STACK);
  });

  it('are split from an ICMPv6 error', () => {
    const split = splitExtensions(bodyOf('icmpv6-time-exceeded-mpls', 40), 16 * 8);
    assert.deepEqual(split.quote.subarray(0, 80), goldenPacket('udp6-probe').slice());
    assert.deepEqual(decodeLabelStack(split.extensions), [
      { label: 299776, trafficClass: 1, bottomOfStack: true, ttl: 1 },
    ]);
  });

  it('may be without a checksum, RFC 4884 section 7', () => {
    const bare = structure(octetsOfHex('0008 01 01 000101fe'), false);
    assert.deepEqual(decodeLabelStack(splitExtensions(concat(quote, bare), 128).extensions), STACK.slice(1));
  });

  const object = octetsOfHex('0008 01 01 000101fe');
  for (const [what, bytes] of [
    ['with a checksum', structure(object)],
    ['without one, as in a firewall that counts the length in octets', structure(object, false)],
  ] as const) {
    for (const length of [0, 17 * 4, 128 * 4, 1020]) {
      it(`are found at octet 128 where the length field says ${length} octets: ${what}`, () => {
        const split = splitExtensions(embedded(concat(quote, bytes)), length);
        assert.deepEqual(split.quote, quote.slice());
        assert.deepEqual(decodeLabelStack(split.extensions), STACK.slice(1));
      });
    }

    it(`are found after a longer quote than the length field says: ${what}`, () => {
      const long = concat(quote, new Uint8Array(72).fill(0x21));
      const split = splitExtensions(embedded(concat(long, bytes)), 0);
      assert.deepEqual(split.quote, long);
      assert.deepEqual(decodeLabelStack(split.extensions), STACK.slice(1));
    });
  }

  it('are found where a lesser length than 128 puts them', () => {
    const short = quote.subarray(0, 68);
    assert.deepEqual(splitExtensions(embedded(concat(short, structure(object))), 68).quote, short.slice());
  });

  for (const [what, objects] of [
    ['no object', ''],
    ['an object cut short', '000c 01 01 000101fe'],
    ['octets left over', '0008 01 01 000101fe 0004'],
  ] as const) {
    it(`have to be whole where only their place tells of them: ${what}`, () => {
      const body = concat(quote, structure(octetsOfHex(objects)));
      assert.deepEqual(splitExtensions(embedded(body), 0), { quote: body, extensions: [] });
    });
  }

  it('are none where reserved bits are set and only their place tells of them', () => {
    const body = concat(quote, structure(object, false).with(1, 0x21));
    assert.deepEqual(splitExtensions(embedded(body), 0), { quote: body, extensions: [] });
  });

  const valid = structure(octetsOfHex('0008 01 01 000101fe'));
  for (const [what, body, quoteLength] of [
    ['another version', concat(quote, Uint8Array.of(0x10, 0, 0, 0)), 128],
    ['a wrong checksum', concat(quote, Uint8Array.of(0x20, 0, 1, 2)), 128],
    ['a changed octet', concat(quote, valid.with(9, 0x77)), 128],
    ['less than a structure header', concat(quote, Uint8Array.of(0x20, 0, 0)), 128],
    ['a short quote alone', goldenPacket('udp-probe'), 0],
    ['a long quote alone', bodyOf('icmp-fragmentation-needed', 20), 0],
    ['nothing', new Uint8Array(0), 0],
  ] as const) {
    it(`are none, and all of it is quote: ${what}`, () => {
      assert.deepEqual(splitExtensions(embedded(body), quoteLength), { quote: body.slice(), extensions: [] });
    });
  }

  for (const [what, objects] of [
    ['longer than what is there', '0008 01 01 000101fe 000c 01 01 000101fe'],
    ['shorter than its own header', '0008 01 01 000101fe 0003 01 01 000101fe'],
    ['of length 0', '0008 01 01 000101fe 0000 01 01 000101fe'],
    ['cut in its header', '0008 01 01 000101fe 0008 01'],
  ] as const) {
    it(`end before an object ${what}`, () => {
      const body = concat(quote, structure(octetsOfHex(objects)));
      assert.deepEqual(decodeLabelStack(splitExtensions(embedded(body), 128).extensions), STACK.slice(1));
    });
  }

  it('are decoded as they were encoded', () => {
    const objects = record({ classNumber: uint8, classType: uint8, payload: octets(40) });
    fc.assert(
      fc.property(fc.array(objects, { maxLength: 5 }), fc.integer({ min: 32, max: 60 }), (list, words) => {
        const quoted = new Uint8Array(words * 4).fill(0x45);
        const body = embedded(concat(quoted, structure(concat(...list.map(encodeObject)))));
        assert.deepEqual(splitExtensions(body, words * 4), { quote: quoted, extensions: list });
      }),
    );
  });

  it('are not looked for in a body that no router sends, each word of which may begin a structure', () => {
    const body = new Uint8Array(65_504);
    for (let at = 0; at < body.length; at += 4) body.set([0x20, 0, 0, 4], at);
    const startMs = performance.now();
    assert.deepEqual(splitExtensions(body, 0), { quote: body, extensions: [] });
    assert.deepEqual(splitExtensions(body, 128), { quote: body, extensions: [] });
    // it took a second
    assert.ok(performance.now() - startMs < 100);
  });

  it('never throw, and lose nothing of the quote', () => {
    const anything = octets(120).map((objects) => concat(quote, structure(objects)));
    const changed = fc.tuple(octets(200), anything).map(([noise, body]) => concat(body, noise));
    fc.assert(
      fc.property(fc.oneof(octets(300), anything, changed), fc.nat({ max: 300 }), (body, quoteLength) => {
        const split = splitExtensions(embedded(body), quoteLength);
        assert.deepEqual(split.quote, body.slice(0, split.quote.length));
        const objectOctets = split.extensions.reduce((sum, { payload }) => sum + 4 + payload.length, 0);
        assert.ok(split.quote.length + objectOctets <= body.length);
        assert.ok(decodeLabelStack(split.extensions).length * 4 <= body.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the label stack', () => {
  it('is empty without an object of its class and type', () => {
    const payload = octetsOfHex('000101fe');
    assert.deepEqual(decodeLabelStack([]), []);
    assert.deepEqual(decodeLabelStack([{ classNumber: 1, classType: 2, payload }]), []);
    assert.deepEqual(decodeLabelStack([{ classNumber: 2, classType: 1, payload }]), []);
  });

  it('is read from any whole entries, at any offset', () => {
    const entries = record({
      label: fc.integer({ min: 0, max: 0xfffff }),
      trafficClass: fc.integer({ min: 0, max: 7 }),
      bottomOfStack: fc.boolean(),
      ttl: uint8,
    });
    fc.assert(
      fc.property(fc.array(entries, { maxLength: 8 }), octets(3), (stack, rest) => {
        const words = stack.map(
          (entry) =>
            ((entry.label << 12) |
              (entry.trafficClass << 9) |
              (Number(entry.bottomOfStack) << 8) |
              entry.ttl) >>>
            0,
        );
        const bytes = new Uint8Array(words.length * 4);
        const view = new DataView(bytes.buffer);
        words.forEach((word, index) => {
          view.setUint32(index * 4, word);
        });
        const payload = embedded(concat(bytes, rest));
        assert.deepEqual(decodeLabelStack([{ classNumber: 1, classType: 1, payload }]), stack);
      }),
    );
  });
});
