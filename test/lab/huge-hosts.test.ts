/** Covers a hosts file of hundreds of thousands of lines, as block lists are. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ended, mustRun, spawnIn } from './command.ts';
import { configure, createNamespaces, labMissing, removeNamespace } from './namespaces.ts';

const TRACEROUTE = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
const LINES = 700_000;
const MOST_MS = 1000;
const MOST_KIB = 100 * 1024;

/** So many lines, each with an address of this machine. */
const lines = (name: (index: number) => string): string =>
  Array.from(
    { length: LINES },
    (_, i) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255} ${name(i)}\n`,
  ).join('');

describe('a huge hosts file', { skip: labMissing() ?? false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
  const hook = join(folder, 'hook.cjs');
  let namespace = '';
  let smallMs = 0;
  before(async () => {
    [namespace = ''] = createNamespaces(['hosts']);
    mustRun('ip', ['-n', namespace, 'address', 'add', '10.0.0.0/8', 'dev', 'lo']);
    configure(namespace, 'resolv.conf', '');
    configure(namespace, 'nsswitch.conf', 'hosts: files dns\n');
    writeFileSync(hook, `process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS));`);
    smallMs = (await trace('10.0.0.9 one.example\n')).tookMs;
  });
  after(() => {
    removeNamespace(namespace);
    rmSync(folder, { recursive: true });
  });

  async function trace(hosts: string): Promise<{ stdout: string; peakKib: number; tookMs: number }> {
    configure(namespace, 'hosts', hosts);
    const startMs = performance.now();
    const argv = ['--require', hook, TRACEROUTE, '-q1', 'one.example'];
    const { stdout, stderr } = await ended(spawnIn(namespace, process.execPath, argv));
    const peakKib = Number(/^peak (\d+)$/m.exec(stderr)?.[1]);
    return { stdout, peakKib, tookMs: performance.now() - startMs };
  }

  for (const [what, hosts, address] of [
    ['one name on each of its lines', lines(() => 'one.example'), '10.0.0.0'],
    ['one name on one line', `10.0.0.9${' one.example'.repeat(LINES)}\n`, '10.0.0.9'],
    ['one line again and again', '10.0.0.9 one.example\n'.repeat(LINES), '10.0.0.9'],
    [
      'other names before the one',
      `${lines((index) => `n${index}.example`)}10.0.0.9 one.example\n`,
      '10.0.0.9',
    ],
  ] as const) {
    it(`with ${what} costs a second and 100 MB at most`, async () => {
      const { stdout, peakKib, tookMs } = await trace(hosts);
      assert.match(stdout, new RegExp(`^ 1 {2}\\S+ \\(${address}\\) `));
      assert.ok(tookMs - smallMs < MOST_MS, `${tookMs} ms, and ${smallMs} ms with a small one`);
      assert.ok(peakKib < MOST_KIB, `${peakKib} KiB`);
    });
  }
});
