/** What an installation runs: the maker of V8's cache. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createNamespaces, labMissing, removeNamespace } from '../lab/namespaces.ts';
import { mustRun } from '../lab/command.ts';
import { loadedBy } from './loaded-modules.ts';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const PRELOADED = fileURLToPath(new URL('compile-cache.cjs', import.meta.url));
/** A user without any right. */
const NOBODY = 65_534;
/** How much more V8 may have compiled after a real trace than the rehearsal had it compile. */
const GROWTH = 1.02;

const skip = labMissing() ?? false;

describe('the maker of the compile cache', () => {
  let folder = '';
  const caches = (): string[] => readdirSync(folder).filter((file) => file.includes('.cache'));
  const cacheLength = (): number => statSync(join(folder, caches()[0] ?? '')).size;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'compile-cache-'));
    cpSync(DIST, folder, { recursive: true, filter: (path) => !path.includes('.cache') });
    symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('loads nothing that could send: no native code, and no module of Node for networks', () => {
    const { builtins, packages } = loadedBy(join(folder, 'compile-cache.js'));
    assert.deepEqual(packages, []);
    const networks = ['net', 'dgram', 'dns', 'http', 'http2', 'tls', 'child_process', 'worker_threads'];
    assert.deepEqual(
      builtins.filter((name) => networks.includes(name)),
      [],
    );
    assert.equal(caches().length, 1);
  });

  it('prints nothing', () => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'compile-cache.js')], {
      encoding: 'utf8',
    });
    assert.deepEqual([stdout, stderr], ['', '']);
  });

  it('replaces a cache whole, and leaves no other file', () => {
    const files = new Set(readdirSync(folder));
    for (let run = 0; run < 2; run++) {
      spawnSync(process.execPath, [join(folder, 'compile-cache.js')]);
      const [cache = '', ...others] = readdirSync(folder).filter((file) => !files.has(file));
      assert.deepEqual(others, []);
      assert.ok(statSync(join(folder, cache)).mtimeMs > 1000);
      utimesSync(join(folder, cache), 1, 1); // seen by the next run
    }
  });

  it('sends no packet, while a trace is seen to send some', { skip }, () => {
    const [namespace = ''] = createNamespaces(['install']);
    const sentBy = (file: string, ...args: string[]): number => {
      mustRun('ip', ['netns', 'exec', namespace, process.execPath, join(folder, file), ...args]);
      const [link] = JSON.parse(
        mustRun('ip', ['-n', namespace, '-json', '-stats', 'link', 'show', 'lo']),
      ) as Link[];
      return link?.stats64.tx.packets ?? NaN;
    };
    try {
      assert.equal(sentBy('compile-cache.js'), 0);
      assert.ok(sentBy('traceroute.js', '-n', '127.0.0.1') >= 3);
    } finally {
      removeNamespace(namespace);
    }
  });

  it('has V8 compile all that a real trace runs', { skip }, () => {
    spawnSync(process.execPath, [join(folder, 'compile-cache.js')]);
    const [namespace = ''] = createNamespaces(['install']);
    const program = [process.execPath, '--require', PRELOADED, join(folder, 'traceroute.js')];
    const run = ['netns', 'exec', namespace, ...program, '-n', '127.0.0.1'];
    try {
      const { status, stderr } = spawnSync('ip', run, { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      const said = JSON.parse(stderr.split('\n').at(-1) ?? '') as { cached: number; compiled: number }; // compile-cache.cjs
      assert.ok(said.compiled <= said.cached * GROWTH, JSON.stringify(said));
      assert.equal(said.cached, cacheLength());
    } finally {
      removeNamespace(namespace);
    }
  });

  it('needs no right but to write into its folder', { skip }, () => {
    spawnSync(process.execPath, [join(folder, 'compile-cache.js')]);
    const ofRoot = cacheLength();
    rmSync(join(folder, caches()[0] ?? ''));
    chownSync(folder, NOBODY, NOBODY);
    spawnSync(process.execPath, [join(folder, 'compile-cache.js')], { uid: NOBODY, gid: NOBODY });
    assert.ok(cacheLength() > ofRoot * 0.98);
  });
});

/** Of `ip -json -stats link`. */
interface Link {
  readonly stats64: { readonly tx: { readonly packets: number } };
}
