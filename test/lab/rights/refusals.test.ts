/** Covers root that cannot cease to be root: it traces nothing, in one line, and is nowhere root in silence. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { PathFormat } from '../../sim/path-format.ts';
import { mustRun } from '../command.ts';
import { labMissing, openLab, type Lab } from '../lab.ts';
import { startIn, threadsOf } from './running.ts';
import { AS_USER, lacks, TRACEROUTE, USER } from './start.ts';

const PATH: PathFormat = {
  src: '10.0.0.1',
  hops: [{ addr: '10.1.0.1', delay: 1 }],
  dst: { addr: '10.99.0.1', delay: 2 },
};
const COMMAND = [process.execPath, TRACEROUTE, '-n', '10.99.0.1'] as const;
const TO_DO = 'in a container add the capabilities SETUID and SETGID, or start as another user';

const skip = labMissing() ?? lacks('setpriv') ?? false;

/** Says why an ordinary user has no user namespace here; false where he has. */
function namespacesMissing(): string | false {
  const words = [...AS_USER.slice(1), 'unshare', '--user', '--map-root-user', 'true'];
  try {
    mustRun('setpriv', words);
    return false;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : '';
  }
}

describe('root that cannot become the user who called', { skip }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
    await lab.take(PATH);
  });
  after(() => {
    lab.close();
  });

  async function isRefused(words: readonly string[], line: string, env?: NodeJS.ProcessEnv): Promise<void> {
    const [program, ...args] = [...words, ...COMMAND];
    const { status, stdout, stderr, probes } = await lab.run(program, args, env ? { env } : {});
    assert.deepEqual({ status, stdout, stderr, probes }, { status: 1, stdout: '', stderr: line, probes: [] });
  }

  for (const [env, what] of [
    [{ SUDO_UID: '7001' }, 'SUDO_GID is missing'],
    [{ SUDO_GID: '7002' }, 'SUDO_UID is missing'],
    [{ SUDO_UID: '1e3', SUDO_GID: '7002' }, 'SUDO_UID is no id: 1e3'],
    [{ SUDO_UID: '-1', SUDO_GID: '7002' }, 'SUDO_UID is no id: -1'],
    [{ SUDO_UID: '4294967295', SUDO_GID: '7002' }, 'SUDO_UID is no id: 4294967295'],
    [{ SUDO_UID: '7001', SUDO_GID: '99999999999' }, 'SUDO_GID is no id: 99999999999'],
  ] as const) {
    it(`is told so with ${JSON.stringify(env)}`, async () => {
      const text = `cannot tell for whom root runs this: ${what} (SUDO_UID and SUDO_GID go together)`;
      await isRefused([], `traceroute: ${text}\n`, env);
    });
  }

  for (const [what, dropped] of [
    ['CAP_SETUID', '-setuid'],
    ['CAP_SETGID', '-setgid'],
    ['both', '-setuid,-setgid'],
    ['all but the right to raw sockets', '-all,+net_raw'],
  ] as const) {
    it(`is told so in a container that lacks ${what}`, async () => {
      const line = `traceroute: cannot give up root: Operation not permitted (${TO_DO})\n`;
      await isRefused(['setpriv', `--bounding-set=${dropped}`, '--inh-caps=-all'], line);
    });
  }

  it('is told so where its capabilities outlive root', async () => {
    const why = 'the securebits of this process keep capabilities (start it without no_setuid_fixup)';
    const words = ['setpriv', '--securebits', '+no_setuid_fixup,+no_setuid_fixup_locked'];
    await isRefused(words, `traceroute: cannot give up root: ${why}\n`);
  });

  it('is told so where the container has no other user, and is root outside', async () => {
    const line = `traceroute: cannot give up root: Operation not permitted (${TO_DO})\n`;
    await isRefused(['unshare', '--user', '--map-root-user'], line);
  });
});

describe('root of a user namespace that has no other user', { skip: skip || namespacesMissing() }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
    await lab.take(PATH);
  });
  after(() => {
    lab.close();
  });

  it('is an ordinary user outside, and keeps nothing but that', async () => {
    const own = 'ip link set lo up; exec "$@"';
    const words = [...AS_USER, 'unshare', '--user', '--net', '--map-root-user', 'sh', '-c', own, 'sh'];
    const way = { words: [...words, process.execPath, TRACEROUTE], caller: USER, user: USER };
    // it answers itself, with a pause between the probes
    const run = await startIn(lab, way, ['-n', '-z', '60', '-q', '2', '127.0.0.1'], '127.0.0.1');
    const { main, others } = threadsOf(run.pid);
    process.kill(run.pid, 'SIGKILL');
    await run.result;
    const { CapPrm, CapEff } = main;
    assert.deepEqual([CapPrm, CapEff], ['0000000000000000', '0000000000000000']);
    for (const { Uid, NoNewPrivs, Seccomp } of [main, ...others]) {
      assert.deepEqual([Uid, NoNewPrivs, Seccomp], [Array(4).fill(USER.uid).join(' '), '1', '2']);
    }
  });
});
