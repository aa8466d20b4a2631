/** Reports of users of other tools, over real packets. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { commandLines, FINDINGS, isRight, pathOf } from '../golden/found.ts';
import { labMissing, openLab } from './lab.ts';
import { Pool } from './pool.ts';
import { commandOf, LABS } from './replay-case.ts';

describe(
  'paths that strangers gave, over real packets',
  { skip: labMissing() ?? false, concurrency: LABS },
  () => {
    const labs = new Pool(openLab);
    before(() => labs.open(LABS));
    after(() => {
      labs.close();
    });
    for (const finding of FINDINGS) {
      const { path, dialect, pending } = finding;
      for (const { argv } of commandLines(finding)) {
        // rates are those of real time here, so that what is wrong need not always show
        const skip = pending !== undefined && `known to be wrong: ${pending}`;
        it(`${path}: ${dialect} ${argv.join(' ')}`, { skip }, async () => {
          const output = await labs.with(async (lab) => {
            await lab.take(pathOf(finding));
            const { stdout, stderr } = await lab.run(process.execPath, [commandOf(dialect), ...argv]);
            return stderr + stdout;
          });
          assert.ok(isRight(finding, output), output);
        });
      }
    }
  },
);
