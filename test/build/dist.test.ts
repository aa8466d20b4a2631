/** A whole build, into a folder of its own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildDist } from '../../src/build/dist.ts';
import { VERSION } from '../../src/version.ts';

describe('buildDist', () => {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  const out = join(folder, 'dist');
  const read = (file: string): string => readFileSync(join(out, file), 'utf8');
  const parts = (): string[] => readdirSync(out).filter((file) => /-[0-9A-Z]{8}\.js$/.test(file));

  before(async () => {
    await buildDist(out);
    writeFileSync(join(out, 'left-over'), '');
    await buildDist(out);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('empties the folder first', () => {
    assert.ok(!readdirSync(out).includes('left-over'));
  });

  for (const command of ['polytrace', 'traceroute', 'tcptraceroute']) {
    it(`makes ${command} a program that runs wherever it lies`, () => {
      const file = join(out, `${command}.js`);
      assert.equal(statSync(file).mode & 0o777, 0o755);
      assert.match(read(`${command}.js`), /^#!\/usr\/bin\/env node\n/);
      const { stdout, stderr } = spawnSync(process.execPath, [file, '--version'], { encoding: 'utf8' });
      assert.equal(stdout, `polytrace ${VERSION}\n`, stderr);
    });
  }

  it('makes a part of what is loaded when it is needed, and none of what every trace needs', () => {
    const names = parts().map((file) => file.replace(/-\w+\.js$/, ''));
    for (const name of ['run-matrix', 'resolver', 'help', 'raw-transport'])
      assert.ok(names.includes(name), name);
    for (const name of ['kernel-transport', 'scheduler']) assert.ok(!names.includes(name), name);
  });

  it('has each module once: in the script, or in one part', () => {
    const texts = ['commands.js', ...parts()].map(read);
    // messages of modules that the script and several parts import
    for (const message of ['octets, got ', 'is not installed (npm install ']) {
      const holders = texts.filter((text) => text.includes(message));
      assert.equal(holders.length, 1, message);
    }
  });

  it('writes a script that is one expression: a function of require and of its place', () => {
    assert.match(read('commands.js'), /^\(function \(require, __filename, __dirname\) \{/);
    assert.match(read('commands.js'), /return program; \}\)\n?$/);
  });

  it('writes a script of ASCII alone, as the launchers read it', () => {
    assert.doesNotMatch(read('commands.js'), /[^\0-\x7f]/);
  });

  it('is the same whenever it is built of the same sources', async () => {
    const again = join(folder, 'again');
    await buildDist(again);
    for (const file of readdirSync(again))
      assert.equal(readFileSync(join(again, file), 'utf8'), read(file), file);
  });
});
