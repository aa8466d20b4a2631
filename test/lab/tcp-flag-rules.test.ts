/** Covers the nftables rules for TCP segments with every combination of control bits, over a kernel that counts matches. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { TCP_FLAG } from '../../src/wire/codes.ts';
import { tcpFlagNames } from '../../probes/tcp-flags.ts';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';
import { countsOf, dropAllBut, FILTER_HOP, rulesFor, verdictsOn } from './rule-lab.ts';

/** A matrix takes up to so many columns. */
const MOST_COLUMNS = 32;
const COMBINATIONS = 0x100;

/** All but a bare SYN, whose rule is for all of the connection that it asks for. */
const specs = Array.from({ length: COMBINATIONS }, (_, flags) => flags)
  .filter((flags) => flags !== TCP_FLAG.syn)
  .map((flags) => `tcp/8080:${tcpFlagNames(flags)}`);
const runs = Array.from({ length: Math.ceil(specs.length / MOST_COLUMNS) }, (_, run) =>
  specs.slice(run * MOST_COLUMNS, (run + 1) * MOST_COLUMNS),
);

describe('the nftables rules for TCP flags', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(() => {
    routers = openRouters(3);
  });
  after(() => {
    routers.close();
  });

  for (const family of [4, 6] as const) {
    it(`match the segments of all 255 combinations over IPv${family}, each its own alone`, async () => {
      const told: string[] = [];
      for (const some of runs) told.push(...(await rulesFor(routers, family, some)));
      const forProbes = told.map((rules) => rules.split('\n')[0] ?? '');
      // each rule counts and goes on, so that all of them see all segments
      dropAllBut(
        routers,
        forProbes.map((rule) => rule.replace(/ accept$/, ' counter')),
      );
      const beyond = String(FILTER_HOP + 1);
      for (const some of runs) await verdictsOn(routers, family, some, '-f', beyond, '-m', beyond);
      assert.deepEqual(countsOf(routers), Array<number>(specs.length).fill(1));
    });
  }
});
