import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { comparison, headerKey, sentDump, wordDump } from '../../src/render/octets.ts';
import { octetsOfHex } from '../support/hex.ts';

/** The octets 0, 1, 2 and so on. */
function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index);
}

describe('headerKey', () => {
  const rows: readonly (readonly [string, number, string])[] = [
    ['IPv4 without options', 0x45, 'vhtslen id  off tlprsum srcip   dstip   KEY'],
    ['4 octets of options', 0x46, 'vhtslen id  off tlprsum srcip   dstip   opts    KEY'],
    ['40 octets of options', 0x4f, `vhtslen id  off tlprsum srcip   dstip   opts${' '.repeat(76)}KEY`],
    ['IPv6', 0x60, 'vcflowlblen nxhlsrcip                           dstip                           KEY'],
  ];
  for (const [name, first, expected] of rows) {
    it(name, () => {
      assert.equal(headerKey(Uint8Array.of(first), 'KEY'), expected);
    });
  }

  it('is as wide as the header in hexadecimal', () => {
    assert.equal(headerKey(Uint8Array.of(0x45), '').length, 20 * 2);
    assert.equal(headerKey(Uint8Array.of(0x60), '').length, 40 * 2);
  });
});

describe('comparison', () => {
  const rows: readonly (readonly [string, string, string, string])[] = [
    ['all the same', '0102ff', '0102ff', '0102ff\n______\n'],
    ['one differs', '0102ff', '0100ff', '0102ff\n__00__\n'],
    ['less quoted', '0102ff', '01', '0102ff\n__\n'],
    ['more quoted than sent', '01', '0102', '01\n__02\n'],
    ['nothing quoted', '0102', '', '0102\n\n'],
  ];
  for (const [name, sent, quoted, expected] of rows) {
    it(name, () => {
      assert.equal(comparison(octetsOfHex(sent), octetsOfHex(quoted)), expected);
    });
  }
});

describe('sentDump', () => {
  const rows: readonly (readonly [number, string])[] = [
    [0, '[ 0 bytes]\n'],
    [1, '[ 1 bytes\n\t 00]\n'],
    [2, '[ 2 bytes\n\t 0001]\n'],
    [3, '[ 3 bytes\n\t 0001 02]\n'],
    [16, '[ 16 bytes\n\t 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f]\n'],
    [17, '[ 17 bytes\n\t 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f\n\t 10]\n'],
  ];
  for (const [length, expected] of rows) {
    it(`${length} octets`, () => {
      assert.equal(sentDump(counting(length)), expected);
    });
  }
});

describe('wordDump', () => {
  const rows: readonly (readonly [number, string])[] = [
    [0, ''],
    [3, ''],
    [4, ' 4: 00010203\n'],
    [11, ' 4: 00010203\n 8: 04050607\n'],
    [12, ' 4: 00010203\n 8: 04050607\n12: 08090a0b\n'],
  ];
  for (const [length, expected] of rows) {
    it(`${length} octets: whole words alone`, () => {
      assert.equal(wordDump(counting(length)), expected);
    });
  }
});
