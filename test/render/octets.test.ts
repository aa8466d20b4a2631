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
    ['an IPv4 header without options', 0x45, 'vhtslen id  off tlprsum srcip   dstip   KEY'],
    ['an IPv4 header with 4 octets of options', 0x46, 'vhtslen id  off tlprsum srcip   dstip   opts    KEY'],
    [
      'an IPv4 header with 40 octets of options',
      0x4f,
      `vhtslen id  off tlprsum srcip   dstip   opts${' '.repeat(76)}KEY`,
    ],
    [
      'an IPv6 header',
      0x60,
      'vcflowlblen nxhlsrcip                           dstip                           KEY',
    ],
  ];
  for (const [name, first, expected] of rows) {
    it(`headerKey names the fields of ${name}`, () => {
      assert.equal(headerKey(Uint8Array.of(first), 'KEY'), expected);
    });
  }

  it('headerKey is as wide as the header in hexadecimal', () => {
    assert.equal(headerKey(Uint8Array.of(0x45), '').length, 20 * 2);
    assert.equal(headerKey(Uint8Array.of(0x60), '').length, 40 * 2);
  });
});

describe('comparison', () => {
  const rows: readonly (readonly [string, string, string, string])[] = [
    ['where all octets are the same', '0102ff', '0102ff', '0102ff\n______\n'],
    ['where one octet differs', '0102ff', '0100ff', '0102ff\n__00__\n'],
    ['where less is quoted than sent', '0102ff', '01', '0102ff\n__\n'],
    ['where more is quoted than sent', '01', '0102', '01\n__02\n'],
    ['where nothing is quoted', '0102', '', '0102\n\n'],
  ];
  for (const [name, sent, quoted, expected] of rows) {
    it(`comparison marks octets ${name}`, () => {
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
    it(`sentDump shows ${length} octets in 16-bit words`, () => {
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
    it(`wordDump shows the whole words of ${length} octets`, () => {
      assert.equal(wordDump(counting(length)), expected);
    });
  }
});
