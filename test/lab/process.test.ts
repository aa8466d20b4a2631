/** Covers the command as a process: its rights, its signals, its pipes. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PathFormat } from '../sim/path-format.ts';
import { sees } from './command.ts';
import { labMissing, openLab, type Lab } from './lab.ts';
import { configure } from './namespaces.ts';

const missing = labMissing();
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TRACEROUTE = join(ROOT, 'dist', 'traceroute.js');
const NOBODY = '65534';

/** Names the parts of dist/ that are not loaded when the command gives up root. */
const NAME_MISSING_PARTS = `
const { readdirSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { setuid } = process;
process.setuid = (uid) => {
  const folder = dirname(process.argv[1]);
  const isPart = (file) => /-[0-9A-Z]{8}[.]js$/.test(file) || file === 'ip-address.js';
  const parts = readdirSync(folder).filter(isPart);
  const missing = parts.filter((file) => !(join(folder, file) in require.cache));
  console.error('parts: ' + parts.length + ', not loaded: ' + missing.join());
  setuid(uid);
};
`;

/** A path whose second hop is silent, so that a run waits there. */
const SILENT: PathFormat = {
  src: '10.0.0.1',
  hops: [
    { addr: '10.1.0.1', delay: 1 },
    { addr: '10.2.0.1', delay: 1, silent: true },
  ],
  dst: { addr: '10.99.0.1', delay: 2 },
};

describe('the command as a process', { skip: missing ?? false }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
    await lab.take(SILENT);
  });
  after(() => {
    lab.close();
  });

  it('is the invoking user while it traces, not root', async () => {
    const env = { SUDO_UID: NOBODY, SUDO_GID: NOBODY };
    const child = lab.spawn(process.execPath, [TRACEROUTE, '-n', '10.99.0.1'], { env });
    await sees(child, 'stdout', '10.1.0.1');
    const status = readFileSync(`/proc/${child.pid ?? ''}/status`, 'utf8');
    child.kill('SIGKILL');
    assert.match(status, /^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
    assert.match(status, /^Gid:\s+65534\s+65534\s+65534\s+65534$/m);
    assert.match(status, /^Groups:\s+65534\s*$/m);
    assert.match(status, /^CapEff:\s+0+$/m);
  });

  describe('of an installation that only root can read', () => {
    const installed = mkdtempSync(join(tmpdir(), 'root-only-')); // mkdtemp(3): for its owner alone
    const outside = mkdtempSync(join(tmpdir(), 'hook-'));
    const hook = join(outside, 'hook.cjs');
    before(() => {
      const packages = ['koffi', '@koromix'];
      for (const folder of ['dist', ...packages.map((name) => join('node_modules', name))]) {
        cpSync(join(ROOT, folder), join(installed, folder), { recursive: true });
      }
      writeFileSync(hook, NAME_MISSING_PARTS);
    });
    after(() => {
      for (const folder of [installed, outside]) rmSync(folder, { recursive: true });
    });

    const env = { SUDO_UID: NOBODY, SUDO_GID: NOBODY };
    const script = join(installed, 'dist', 'traceroute.js');

    for (const [who, variables] of [
      ['the user of sudo', env],
      ['nobody, as root called itself', {}],
    ] as const) {
      it(`looks names up after becoming a user who cannot read it: ${who}`, async () => {
        const { status, stdout, stderr } = await lab.run(process.execPath, [script, '127.0.0.1'], {
          env: variables,
        });
        assert.equal(stderr, 'traceroute to 127.0.0.1 (127.0.0.1), 64 hops max, 40 byte packets\n');
        assert.match(stdout, /^ 1 {2}localhost \(127\.0\.0\.1\)( {2}\d+\.\d{3} ms){3}\n$/);
        assert.equal(status, 0);
      });
    }

    it('traces to the IPv6 address of a name', async () => {
      configure(lab.tracer, 'hosts', '127.0.0.1 localhost\n::1 six.example\n');
      const { status, stdout, stderr } = await lab.run(process.execPath, [script, 'six.example'], { env });
      assert.match(stderr, /^traceroute to six\.example \(::1\)/);
      assert.match(stdout, /^ 1 .*::1/);
      assert.equal(status, 0);
    });

    for (const options of [[], ['-n'], ['--matrix', 'icmp,tcp/80'], ['--transport', 'kernel', '-a']]) {
      it(`has loaded every part when it becomes that user: ${options.join(' ')}`, async () => {
        const args = ['--require', hook, script, '-q', '1', ...options, '127.0.0.1'];
        const { stderr } = await lab.run(process.execPath, args, { env });
        assert.match(stderr, /^parts: \d+, not loaded: $/m);
      });
    }
  });

  it('says what it needs when it may not open the raw socket a probe takes, and sends nothing', async () => {
    await lab.take(SILENT);
    const user = ['--reuid', NOBODY, '--regid', NOBODY, '--clear-groups', '--inh-caps=-all'];
    const command = [process.execPath, TRACEROUTE, '-P', 'gre', '10.99.0.1'];
    const result = await lab.run('setpriv', [...user, ...command]);
    assert.equal(result.status, 1);
    assert.equal(result.stdout, '');
    assert.match(
      result.stderr,
      /^traceroute: -P gre: cannot open a raw socket: EPERM \(run as root, or .*\)\n$/,
    );
    assert.deepEqual(result.probes, []);
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const script = '"$0" "$1" -n -w 1 10.99.0.1 | head -n 1; echo "status ${PIPESTATUS[0]}"';
    const { stdout, stderr } = await lab.run('bash', ['-c', script, process.execPath, TRACEROUTE]);
    assert.match(stdout, /^ 1 {2}10\.1\.0\.1.*\nstatus 141\n$/);
    assert.equal(stderr, 'traceroute to 10.99.0.1 (10.99.0.1), 64 hops max, 40 byte packets\n');
  });
});
