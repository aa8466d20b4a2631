import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseDestination, type Candidate } from '../../src/measure/destination-choice.ts';

const candidate = (address: string, source?: string): Candidate =>
  source === undefined ? { address } : { address, source };

const IPV4 = candidate('198.51.100.9', '192.0.2.1');
const GLOBAL = candidate('2001:db9::9', '2001:db9:1::1');

/** What is chosen, what is not, and the rule of RFC 6724 section 6 that decides. */
const CHOICES: readonly (readonly [why: string, better: Candidate, worse: Candidate])[] = [
  ['rule 1: one with a route', IPV4, candidate('2001:db9::9')],
  ['rule 1: one with a route', GLOBAL, candidate('198.51.100.9')],
  ['rule 2: a source of the same scope', IPV4, candidate('2001:db9::9', 'fe80::1')],
  ['rule 2: a source of the same scope', GLOBAL, candidate('198.51.100.9', '169.254.1.1')],
  ['rule 5: a source of the same label', IPV4, candidate('2001:db9::9', 'fd00::1')],
  ['rule 5: a source of the same label', IPV4, candidate('2001:db9::9', '2002:c000:201::1')],
  ['rule 6: native IPv6 before IPv4', GLOBAL, IPV4],
  ['rule 6: IPv4 before unique local addresses', IPV4, candidate('fd99::9', 'fd00::1')],
  ['rule 6: IPv4 before 6to4', IPV4, candidate('2002:c633:6409::9', '2002:c000:201::1')],
  ['rule 6: IPv4 before Teredo', IPV4, candidate('2001:0:1::9', '2001:0:2::1')],
  ['rule 6: loopback before all', candidate('::1', '::1'), GLOBAL],
  [
    'rule 6: unique local before site-local',
    candidate('fd99::9', 'fd00::1'),
    candidate('fec0::9', 'fec0::1'),
  ],
  ['rule 8: the smaller scope', candidate('fe80::9', 'fe80::1'), GLOBAL],
  ['rule 9: the longest matching prefix', candidate('2001:db9:1:2::9', '2001:db9:1::1'), GLOBAL],
];

describe('chooseDestination', () => {
  for (const [why, better, worse] of CHOICES) {
    it(`prefers ${better.address} to ${worse.address} by ${why}`, () => {
      assert.equal(chooseDestination([better, worse]), better);
      assert.equal(chooseDestination([worse, better]), better);
    });
  }

  it('takes the first of equals', () => {
    const other = candidate('2001:db9::a', '2001:db9:1::1');
    assert.equal(chooseDestination([GLOBAL, other]), GLOBAL);
    assert.equal(chooseDestination([other, GLOBAL]), other);
    const [far, near] = [candidate('198.51.100.9', '192.0.2.1'), candidate('192.0.2.9', '192.0.2.1')];
    assert.equal(chooseDestination([far, near]), far, 'IPv4 addresses are not compared with the source');
    const host = candidate('2001:db9:1::2', '2001:db9:1::1');
    const nearer = candidate('2001:db9:1::1:1', '2001:db9:1::1');
    assert.equal(chooseDestination([host, nearer]), host, 'nor are interface identifiers');
    const [unusable, also] = [candidate('2001:db9::9'), candidate('198.51.100.9')];
    assert.equal(chooseDestination([unusable, also]), unusable);
  });

  it('has nothing to choose from among none', () => {
    assert.equal(chooseDestination([]), undefined);
  });
});
