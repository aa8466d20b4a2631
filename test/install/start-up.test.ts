/** What each command loads before its first probe: little, for every module costs time (docs/adr/0013-compiled-ahead.md). */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { readCache, readSource } from '../../src/bin/cache-file.ts';
import { VERSION } from '../../src/version.ts';
import { labMissing } from '../lab/namespaces.ts';
import { largeOf, loadedBy } from './loaded-modules.ts';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const CACHE = /\.cache$/;
/** Octets that hold the source, and its compiled form. */
const ROOM = 1 << 20;

/** The program of a command. */
const programOf = (command: string): string => join(DIST, `${command}.js`);

describe('the start of each command', () => {
  for (const command of ['traceroute', 'tcptraceroute', 'polytrace']) {
    it(`${command} --version loads no package, and no large module of Node`, () => {
      const loaded = loadedBy(programOf(command), '--version');
      assert.deepEqual(loaded.packages, []);
      assert.deepEqual(largeOf(loaded), []);
    });
  }

  for (const args of [['-n'], ['-n', '-I'], ['-n', '-P', 'tcp']]) {
    it(
      `traceroute ${args.join(' ')} loads koffi alone, and no large module of Node`,
      { skip: labMissing() ?? false },
      () => {
        const loaded = loadedBy(programOf('traceroute'), ...args, '-q', '1', '127.0.0.1');
        assert.deepEqual(
          loaded.packages.filter((name) => !name.startsWith('@koromix/koffi-')),
          [],
        );
        assert.deepEqual(largeOf(loaded), []);
        assert.equal(loaded.packages.length, 1);
      },
    );
  }

  it(
    'a trace with names loads a module for sockets, as this test would see',
    { skip: labMissing() ?? false },
    () => {
      assert.ok(largeOf(loadedBy(programOf('traceroute'), '-q', '1', '127.0.0.1')).includes('dgram'));
    },
  );
});

describe('the compiled commands', () => {
  it('are taken by the V8 that they were compiled with', () => {
    const [cache = ''] = readdirSync(DIST).filter((file) => CACHE.test(file));
    const source = readSource(join(DIST, 'commands.js'), Buffer.alloc(ROOM));
    const cachedData = readCache(join(DIST, cache), source, Buffer.alloc(ROOM));
    assert.ok(cachedData);
    const script = new Script(source.octets.toString('latin1'), { cachedData });
    assert.equal(script.cachedDataRejected, false);
  });

  for (const [what, filter] of [
    ['the cache is missing', (path: string) => !CACHE.test(path)],
    ['the cache is there', () => true],
  ] as const) {
    it(`run where ${what}`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'start-up-'));
      try {
        cpSync(DIST, folder, { recursive: true, filter });
        const script = join(folder, 'traceroute.js');
        const { stdout } = spawnSync(process.execPath, [script, '--version'], { encoding: 'utf8' });
        assert.equal(stdout, `polytrace ${VERSION}\n`);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
