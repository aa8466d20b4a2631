/** Covers `npm run demo`: what it prints over real packets, and where it cannot run. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { labMissing } from '../lab/lab.ts';
import { normalise } from '../sim/normalise.ts';
import { screenOf } from './in-memory.ts';
import { firewallRuns, typed } from './transcripts.ts';

const ARGV = ['--import', 'tsx', fileURLToPath(new URL('demo.ts', import.meta.url))];

describe('npm run demo', () => {
  it(
    'prints four traces over real packets and how to read them',
    { skip: labMissing() ?? false },
    async () => {
      const { stdout, status } = spawnSync(process.execPath, ARGV, { encoding: 'utf8' });
      assert.equal(status, 0);
      const results: string[] = [];
      for (const run of firewallRuns) results.push(`$ ${typed(run)}\n${await screenOf(run)}`);
      const shown = normalise(stdout).split(/\n\n(?=\$|How)/);
      assert.deepEqual(shown.slice(0, -1), results);
      assert.match(
        shown.at(-1) ?? '',
        /^How to read it: ICMP and TCP arrive at shop\.example; UDP is refused/,
      );
    },
  );

  it('says in one sentence what it misses', () => {
    const env = { ...process.env, PATH: '/nonexistent' };
    const { stdout, stderr, status } = spawnSync(process.execPath, ARGV, { encoding: 'utf8', env });
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^the demonstration cannot run: the lab needs .+ \("npm run setup" installs .+\)\n$/,
    );
    assert.equal(stdout, '');
  });
});
