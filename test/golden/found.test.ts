/** Reports of users of other tools, in memory. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { main } from '../../src/main.ts';
import { SimWorld } from '../sim/sim-world.ts';
import { commandLines, FINDINGS, isRight, pathOf } from './found.ts';

describe('paths that strangers gave, in memory', () => {
  for (const finding of FINDINGS) {
    const { path, dialect, pending } = finding;
    for (const { argv } of commandLines(finding)) {
      it(`${path}: ${dialect} ${argv.join(' ')}`, async () => {
        const world = new SimWorld(pathOf(finding));
        await world.clock.run(main(dialect, dialect, argv, world));
        const output = world.err + world.out;
        if (pending === undefined) assert.ok(isRight(finding, output), output);
        else assert.ok(!isRight(finding, output), `it is right now: take off what is pending\n${output}`);
      });
    }
  }

  it('are all tried', () => {
    const files = readdirSync(new URL('found/', import.meta.url)).map((file) => file.replace('.json', ''));
    assert.deepEqual([...new Set(FINDINGS.map(({ path }) => path))], files.sort());
  });
});
