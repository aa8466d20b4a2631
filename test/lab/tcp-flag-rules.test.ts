/** Covers the nftables rules for TCP segments with every combination of control bits, over a kernel that counts matches. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TCP_FLAG } from '../../src/wire/codes.ts';
import { tcpFlagNames } from '../../probes/tcp-flags.ts';
import { labMissing } from './lab.ts';
import { openRouters } from './routers.ts';
import { countsOf, dropAllBut, FILTER_HOP, rulesFor, verdictsOn } from './rule-lab.ts';

/** A matrix takes as many columns. */
const COMBINATIONS = 0x100;

/** All but a bare SYN, whose rule is for all of the connection that it asks for. */
const specs = Array.from({ length: COMBINATIONS }, (_, flags) => flags)
  .filter((flags) => flags !== TCP_FLAG.syn)
  .map((flags) => `tcp/8080:${tcpFlagNames(flags)}`);

// side by side, for a matrix of so many columns sends at a polite pace
describe('the nftables rules for TCP flags', { skip: labMissing() ?? false, concurrency: true }, () => {
  for (const family of [4, 6] as const) {
    it(`match the segments of all 255 combinations over IPv${family}, each its own alone`, async () => {
      const routers = openRouters(3);
      try {
        const told = await rulesFor(routers, family, specs);
        const forProbes = told.map((rules) => rules.split('\n')[0] ?? '');
        // each rule counts and goes on, so that all of them see all segments
        dropAllBut(
          routers,
          forProbes.map((rule) => rule.replace(/ accept$/, ' counter')),
        );
        const beyond = String(FILTER_HOP + 1);
        await verdictsOn(routers, family, specs, '-f', beyond, '-m', beyond);
        assert.deepEqual(countsOf(routers), Array<number>(specs.length).fill(1));
      } finally {
        routers.close();
      }
    });
  }
});
