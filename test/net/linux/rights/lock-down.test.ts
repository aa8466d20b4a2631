import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadLibc } from '../../../../src/net/linux/libc.ts';
import { lockDown } from '../../../../src/net/linux/rights/lock-down.ts';
import { labEnvironment } from '../../../lab/command.ts';

const CHILD = fileURLToPath(new URL('lock-down-child.ts', import.meta.url));
const EPERM = 1;
const CAP_NET_RAW = 1 << 13;

/** What lock-down-child.ts prints. */
interface Said {
  readonly lack: string;
  readonly permitted: string;
  readonly threads: Readonly<Record<'NoNewPrivs' | 'Seccomp', readonly string[]>>;
  readonly refused: Readonly<Record<string, unknown>>;
  readonly works: Readonly<Record<string, unknown>>;
}

function childSays(kept: number): Said {
  const command = ['--import', import.meta.resolve('tsx'), CHILD, String(kept)];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    env: labEnvironment(),
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Said; // the child's own form
}

const isLinux = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
const skip = isLinux ? false : 'the filter is one of Linux on x86-64 and arm64';
const rootOnly = process.getuid?.() === 0 ? skip : 'only root has capabilities to keep';

describe('a process that is locked down', { skip }, () => {
  // with the right to raw sockets, so that nothing but the filter refuses them
  const kept = process.getuid?.() === 0 ? CAP_NET_RAW : 0;
  let said: Said;
  before(() => {
    said = childSays(kept);
  });

  it('can do all that names and answers take', () => {
    assert.deepEqual(said.works, {
      datagram: true,
      stream: true,
      lookup: '127.0.0.1',
      name: '127.0.0.1',
      file: true,
      interfaces: true,
      loopback: 'lo',
      worker: 'worked',
    });
  });

  it('can start no program, look into none, and open no other sockets', () => {
    const { execve, ...others } = said.refused;
    assert.equal(execve, 'spawnSync /bin/true EPERM');
    assert.deepEqual(others, {
      ptrace: EPERM,
      process_vm_readv: EPERM,
      raw4: EPERM,
      raw6: EPERM,
      packet: EPERM,
      packets: EPERM,
      netfilter: EPERM,
    });
  });

  it('is so in every thread, those included that ran before', () => {
    assert.equal(said.lack, '');
    const { NoNewPrivs, Seccomp } = said.threads;
    assert.ok(NoNewPrivs.length > 8, 'with those of libuv and of the worker');
    assert.deepEqual([...new Set(NoNewPrivs)], ['1']);
    assert.deepEqual([...new Set(Seccomp)], ['2']);
  });

  it('has the capabilities that it keeps, and no others', { skip: rootOnly }, () => {
    assert.equal(said.permitted, String(CAP_NET_RAW));
    assert.equal(childSays(0).permitted, '0');
  });
});

describe('the filter of system calls', () => {
  it('is missing on other architectures, and that is said', { skip }, () => {
    const libc = loadLibc();
    const calls: unknown[] = [];
    const recorder = {
      check: (result: number) => result,
      call:
        (name: string) =>
        (...values: unknown[]) => {
          calls.push([name, ...values]);
          return 0;
        },
    };
    const observed = Object.assign(Object.create(libc) as typeof libc, recorder);
    assert.equal(lockDown(observed, 'riscv64'), 'no filter of system calls is known on riscv64');
    assert.deepEqual(calls, [
      ['prctl', 38, 1, 0, 0, 0],
      ['prctl', 4, 0, 0, 0, 0],
    ]);
  });
});
