import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { candidatesFor } from '../../../src/net/names/search-list.ts';

/** 255 octets on the wire, the most that RFC 1035 section 2.3.4 allows: no domain fits behind it. */
const LONGEST = `${'a.'.repeat(126)}a`;

describe('candidatesFor', () => {
  const search = ['one.example', 'two.example'];
  const cases: [name: string, ndots: number, candidates: string[]][] = [
    ['gw', 1, ['gw.one.example', 'gw.two.example', 'gw']],
    ['gw.lab', 1, ['gw.lab', 'gw.lab.one.example', 'gw.lab.two.example']],
    ['gw.lab', 2, ['gw.lab.one.example', 'gw.lab.two.example', 'gw.lab']],
    ['gw', 0, ['gw', 'gw.one.example', 'gw.two.example']],
    ['gw.', 1, ['gw']],
    [LONGEST, 1, [LONGEST]],
  ];
  for (const [name, ndots, candidates] of cases) {
    it(`has ${candidates.length} names for ${name.slice(0, 10)} with ndots ${ndots}`, () => {
      assert.deepEqual(candidatesFor(name, { search, ndots }), candidates);
    });
  }
});
