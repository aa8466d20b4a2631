/** Covers what is left of a command's rights once its sockets are open, in each way of starting, by /proc/PID/status. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { statSync } from 'node:fs';
import type { PathFormat } from '../../sim/path-format.ts';
import { labMissing, openLab, type Lab } from '../lab.ts';
import { startIn, threadsOf, type Running, type Status } from './running.ts';
import { configureUsers, lacks, NOBODY, NodeCopy, waysToStart, type Way } from './start.ts';

const NONE = '0000000000000000';
const NET_RAW = '0000000000002000';
const NET_ADMIN = '0000000000001000';
/** The ways whose rights reach each thread by itself, where no call can take them from the others than the main one. */
const OF_EACH_THREAD = ['a node copy with file capabilities', 'a systemd unit'];

/** The second hop is silent, so that a run waits there. */
const SILENT: PathFormat = {
  src: '10.0.0.1',
  hops: [
    { addr: '10.1.0.1', delay: 1 },
    { addr: '10.2.0.1', delay: 1, silent: true },
  ],
  dst: { addr: '10.99.0.1', delay: 2 },
};

/** Fails unless a thread is that user alone, has these capabilities, and can get no others. */
function isLeftWith(status: Status, { uid, gid }: Way['user'], capabilities: string): void {
  const [uids, gids] = [uid, gid].map((id) => Array.from({ length: 4 }, () => id).join(' '));
  const { Uid, Gid, Groups = '', CapPrm, CapEff, NoNewPrivs, Seccomp } = status;
  assert.deepEqual(
    { Uid, Gid, CapPrm, CapEff, NoNewPrivs, Seccomp },
    { Uid: uids, Gid: gids, CapPrm: capabilities, CapEff: capabilities, NoNewPrivs: '1', Seccomp: '2' },
  );
  assert.ok(['', String(gid)].includes(Groups), `the groups ${Groups}`);
}

const skip = labMissing() ?? lacks('setpriv') ?? lacks('setcap') ?? false;

describe('a command whose sockets are open', { skip }, () => {
  let lab: Lab;
  let copy: NodeCopy;
  before(async () => {
    copy = new NodeCopy();
    lab = await openLab();
    await lab.take(SILENT);
    configureUsers(lab.tracer);
  });
  after(() => {
    lab.close();
    copy.remove();
  });

  async function whileTracing(
    way: Way,
    args: readonly string[],
    look: (run: Running) => void,
  ): Promise<void> {
    const run = await startIn(lab, way, [...args, '-w', '60', '10.99.0.1'], '10.1.0.1');
    try {
      look(run);
    } finally {
      process.kill(run.pid, 'SIGKILL');
      await run.result;
    }
  }

  for (const name of Object.keys(waysToStart(''))) {
    const { skip: reason = false } = waysToStart('')[name] ?? {};

    it(`is a user without rights in every thread: ${name}`, { skip: reason }, async () => {
      const way = waysToStart(copy.path)[name];
      assert.ok(way);
      for (const args of [['-n'], []]) {
        await whileTracing(way, args, ({ pid }) => {
          const { main, others } = threadsOf(pid);
          isLeftWith(main, way.user, NONE);
          assert.ok(others.length >= 6, `${others.length} others`);
          const left = OF_EACH_THREAD.includes(name) ? NET_RAW : NONE;
          // threads that start later have what the main one has left
          for (const status of others) isLeftWith(status, way.user, status['CapPrm'] === left ? left : NONE);
          // a process that is not dumpable is root's to look into; ptrace(2) asks the same
          assert.equal(statSync(`/proc/${pid}/mem`).uid, 0);
        });
      }
    });
  }

  const root = { words: [], ...waysToStart('')['plain root'] } as Way;

  it('keeps of root what sockets take that it may open later, in the main thread alone', async () => {
    for (const [args, kept] of [
      [['--mark', '5'], NET_ADMIN],
      [['-s', '10.0.0.1', '--mark', '5', '--transport', 'plain'], NET_ADMIN],
      [['--mark', '5', '--transport', 'kernel'], NONE],
    ] as const) {
      await whileTracing(root, ['-n', ...args], ({ pid }) => {
        const { main, others } = threadsOf(pid);
        isLeftWith(main, NOBODY, kept);
        for (const status of others) isLeftWith(status, NOBODY, NONE);
      });
    }
  });

  it('becomes the user polytrace where root has made one', async () => {
    const [uid, gid] = [7003, 7004];
    configureUsers(lab.tracer, `polytrace:x:${uid}:${gid}:::/usr/sbin/nologin`);
    await whileTracing(root, ['-n'], ({ pid }) => {
      const { main, others } = threadsOf(pid);
      for (const status of [main, ...others]) isLeftWith(status, { uid, gid }, NONE);
    });
    configureUsers(lab.tracer);
  });
});
