import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildLibrary, buildTypes } from '../../src/build/library.ts';

describe('the library that is built', () => {
  const out = mkdtempSync(join(tmpdir(), 'library-'));
  before(async () => {
    await buildLibrary(out);
    await buildTypes(out);
  });
  after(() => {
    rmSync(out, { recursive: true });
  });

  it('is one copy of the code for import and for require', () => {
    const text = `import { createRequire } from 'node:module';
      const required = createRequire('${out}/')('./library.js');
      const imported = await import('${out}/library.mjs');
      console.log(Object.keys(imported).every((name) => imported[name] === required[name]), 'trace' in imported);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', text], {
      ...{ cwd: process.cwd(), encoding: 'utf8' },
      env: { ...process.env, NODE_PATH: join(process.cwd(), 'node_modules') },
    });
    assert.equal(stdout, 'true true\n', stderr);
  });

  it('has the same types for both', () => {
    const [types, same] = ['d.ts', 'd.mts'].map((ending) =>
      readFileSync(join(out, `library.${ending}`), 'utf8'),
    );
    assert.equal(types, same);
    assert.match(types ?? '', /\btrace\b/);
  });
});
