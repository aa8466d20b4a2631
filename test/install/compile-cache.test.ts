/** What an installation runs: the maker of V8's cache. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Script } from 'node:vm';
import { VERSION } from '../../src/version.ts';
import { createNamespaces, labMissing, removeNamespace } from '../lab/namespaces.ts';
import { labEnvironment, mustRun } from '../lab/command.ts';
import { loadedBy } from './loaded-modules.ts';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const PRELOADED = fileURLToPath(new URL('compile-cache.cjs', import.meta.url));
/** A user without any right. */
const NOBODY = 65_534;
/** How much more V8 may have compiled after a real trace than the rehearsal had it compile. */
const GROWTH = 1.02;

const skip = labMissing() ?? false;

/** A copy of dist/ for each test. */
let folder = '';
const caches = (): string[] => readdirSync(folder).filter((file) => file.includes('.cache'));
const cachePath = (): string => join(folder, caches()[0] ?? '');
const sourcePath = (): string => join(folder, 'commands.js');
/** Octets of the compiled commands: the file has them twice, and the source. */
const compiledLength = (): number => (statSync(cachePath()).size - statSync(sourcePath()).size) / 2;
const makeCache = () => spawnSync(process.execPath, [join(folder, 'compile-cache.js')], { encoding: 'utf8' });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compile-cache-'));
  cpSync(DIST, folder, { recursive: true, filter: (path) => !path.includes('.cache') });
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the maker of the compile cache', () => {
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
    const { stdout, stderr } = makeCache();
    assert.deepEqual([stdout, stderr], ['', '']);
  });

  it('replaces a cache whole, and leaves no other file', () => {
    const files = new Set(readdirSync(folder));
    for (let run = 0; run < 2; run++) {
      makeCache();
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
    chmodSync(folder, 0o755); // a user who could not read it would have all parts loaded
    makeCache();
    const [namespace = ''] = createNamespaces(['install']);
    const program = [process.execPath, '--require', PRELOADED, join(folder, 'traceroute.js')];
    const run = ['netns', 'exec', namespace, ...program, '-n', '127.0.0.1'];
    try {
      const { status, stderr } = spawnSync('ip', run, { encoding: 'utf8', env: labEnvironment() });
      assert.equal(status, 0, stderr);
      const said = JSON.parse(stderr.split('\n').at(-1) ?? '') as { cached: number; compiled: number }; // compile-cache.cjs
      assert.ok(said.compiled <= said.cached * GROWTH, JSON.stringify(said));
      assert.equal(said.cached, compiledLength());
    } finally {
      removeNamespace(namespace);
    }
  });

  it('needs no right but to write into its folder', { skip }, () => {
    makeCache();
    const ofRoot = compiledLength();
    rmSync(cachePath());
    for (const path of [folder, sourcePath()]) chownSync(path, NOBODY, NOBODY);
    spawnSync(process.execPath, [join(folder, 'compile-cache.js')], { uid: NOBODY, gid: NOBODY });
    assert.ok(compiledLength() > ofRoot * 0.98);
  });
});

/** Copies with a flipped bit each; so many runs at once. */
const COPIES = 100;
const AT_ONCE = 4;
/** The form of what `--version` prints, and one of the same length that no release has. */
const SAID = `polytrace ${VERSION}\n`;
const OTHER = SAID.replace(/\d+$/m, (last) => '9'.repeat(last.length));

const run = promisify(execFile);

/** What the copy's `traceroute --version` prints. */
async function version(): Promise<string> {
  const { stdout } = await run(process.execPath, [join(folder, 'traceroute.js'), '--version'], {
    env: labEnvironment(),
  });
  return stdout;
}

/** The source of the copy with the other version in it, which is as long. */
function otherSource(): Buffer {
  const text = readFileSync(sourcePath(), 'latin1');
  const other = text.replaceAll(`"${VERSION}"`, `"${OTHER.slice('polytrace '.length, -1)}"`);
  assert.notEqual(other, text);
  assert.equal(other.length, text.length);
  return Buffer.from(other, 'latin1');
}

/** A cache of the other source that claims to be of the true one. */
function forgeCache(): void {
  makeCache();
  const compiled = new Script(otherSource().toString()).createCachedData();
  writeFileSync(cachePath(), Buffer.concat([compiled, compiled, readFileSync(sourcePath())]));
}

describe('the commands with a compile cache', () => {
  it('run the source when it has changed, though length and time of change are the same', async () => {
    makeCache();
    const { atime, mtime } = statSync(sourcePath());
    writeFileSync(sourcePath(), otherSource());
    utimesSync(sourcePath(), atime, mtime);
    assert.equal(await version(), OTHER);
  });

  it('run right with any of 100 bits of it flipped', async () => {
    makeCache();
    const whole = readFileSync(cachePath());
    const [name = ''] = caches();
    const outputs: string[] = [];
    const worker = async (first: number): Promise<void> => {
      const own = join(folder, `copy-${first}`);
      cpSync(DIST, own, { recursive: true, filter: (path) => !path.includes('.cache') });
      for (let copy = first; copy < COPIES; copy += AT_ONCE) {
        const octets = Buffer.from(whole);
        // spread over the file, V8's header included, and over the bits of an octet
        const at = Math.floor((copy / COPIES) ** 2 * whole.length);
        octets.writeUInt8(octets.readUInt8(at) ^ (1 << (copy % 8)), at);
        writeFileSync(join(own, name), octets, { mode: 0o644 });
        const argv = [join(own, 'traceroute.js'), '--version'];
        const { stdout, stderr } = await run(process.execPath, argv, { env: labEnvironment() });
        outputs.push(stdout + stderr);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, first) => worker(first)));
    assert.deepEqual(
      outputs,
      Array.from({ length: COPIES }, () => SAID),
    );
  });

  it('take none that another user owns or may write, and would run what it holds', { skip }, async () => {
    forgeCache();
    assert.equal(await version(), OTHER); // so the test sees which one is run
    chmodSync(cachePath(), 0o664);
    assert.equal(await version(), SAID);
    chmodSync(cachePath(), 0o646);
    assert.equal(await version(), SAID);
    chmodSync(cachePath(), 0o644);
    chownSync(cachePath(), NOBODY, NOBODY);
    assert.equal(await version(), SAID);
  });
});

/** Of `ip -json -stats link`. */
interface Link {
  readonly stats64: { readonly tx: { readonly packets: number } };
}
