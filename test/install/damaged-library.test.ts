/** Covers an installation whose native libraries are cut short, as by a full disk. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ended, spawnIn, type CommandResult } from '../lab/command.ts';
import { createNamespaces, labMissing, removeNamespace } from '../lab/namespaces.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KOFFI = `node_modules/@koromix/koffi-linux-${process.arch}/linux_${process.arch}/koffi.node`;
const RAW_SOCKET = 'node_modules/raw-socket/build/Release/raw.node';
const HEAD = 'traceroute to 127.0.0.1 (127.0.0.1), 64 hops max, 40 byte packets\n';
/** Octets that are left of a library: no header, the header alone, no end. */
const LENGTHS = [0, 40, 4096, 50_000];

describe('a native library that is cut short', { skip: labMissing() ?? false }, () => {
  let folder = '';
  let namespace = '';
  before(() => {
    [namespace = ''] = createNamespaces(['damaged']);
    folder = mkdtempSync(join(tmpdir(), 'damaged-'));
    cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  });
  beforeEach(() => {
    for (const path of ['node_modules/koffi', 'node_modules/@koromix', 'node_modules/raw-socket']) {
      cpSync(join(ROOT, path), join(folder, path), { recursive: true });
    }
  });
  after(() => {
    rmSync(folder, { recursive: true });
    removeNamespace(namespace);
  });

  const trace = (...options: string[]): Promise<CommandResult> =>
    ended(
      spawnIn(namespace, process.execPath, [
        join(folder, 'dist', 'traceroute.js'),
        ...['-n', '-q', '1', ...options, '127.0.0.1'],
      ]),
    );
  const says = (name: string, path: string): string =>
    `${name} does not load: ${join(folder, path)} is cut short (install it again)`;

  for (const length of LENGTHS) {
    it(`of koffi gives one line, and raw-socket traces: ${length} octets`, async () => {
      truncateSync(join(folder, KOFFI), length);
      const { status, stdout, stderr } = await trace();
      const line = `traceroute: ${says('koffi', KOFFI)} (using raw-socket, whose times are less exact)\n`;
      assert.deepEqual({ status, stderr }, { status: 0, stderr: `${line}${HEAD}` });
      assert.match(stdout, /^ 1 {2}127\.0\.0\.1 /);
    });
  }

  for (const length of LENGTHS) {
    it(`of raw-socket gives one line where that transport is asked for: ${length} octets`, async () => {
      truncateSync(join(folder, RAW_SOCKET), length);
      const { status, stdout, stderr } = await trace('--transport', 'raw-socket');
      const line = `traceroute: cannot open a raw socket: ${says('raw-socket', RAW_SOCKET)}\n`;
      assert.deepEqual({ status, stdout, stderr }, { status: 1, stdout: '', stderr: line });
      assert.equal((await trace()).status, 0);
    });
  }

  it('of both gives one line for both', async () => {
    truncateSync(join(folder, KOFFI), 4096);
    truncateSync(join(folder, RAW_SOCKET), 4096);
    const both = `${says('koffi', KOFFI)}; ${says('raw-socket', RAW_SOCKET)}`;
    assert.deepEqual(await trace(), {
      status: 1,
      stdout: '',
      stderr: `traceroute: cannot open a raw socket: ${both}\n`,
    });
  });
});
