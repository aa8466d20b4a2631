import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { protocolNumber } from '../../../src/net/host/protocols.ts';
import { fileOf, INHERITED, NO_FILE } from './files.ts';

describe('protocolNumber', () => {
  const protocols = fileOf('protocols', 'icmp 1 ICMP\nfoo 200 FooProto bar # last\ngre 48 GRE\n');
  const rows: readonly (readonly [string, string, number | undefined])[] = [
    ['foo', protocols, 200],
    ['FOO', protocols, 200],
    ['fooproto', protocols, 200],
    ['bar', protocols, 200],
    ['gre', protocols, 48],
    ['esp', protocols, 50],
    ['nosuch', protocols, undefined],
    ['icmp', NO_FILE, 1],
    ['TCP', NO_FILE, 6],
    ['Ipv6-Icmp', NO_FILE, 58],
    ['ospf', NO_FILE, 89],
    ['sctp', NO_FILE, 132],
    ['', NO_FILE, undefined],
    ['6', NO_FILE, undefined],
    ...INHERITED.map((name) => [name, NO_FILE, undefined] as const),
  ];
  for (const [name, from, expected] of rows) {
    it(`${name === '' ? 'nothing' : name}, ${from === NO_FILE ? 'without a file' : 'with a file'}`, () => {
      assert.equal(protocolNumber(name, from), expected);
    });
  }
});
