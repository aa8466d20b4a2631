/** Covers attacks by the user who started a command that has rights which he has not. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { PathFormat } from '../../sim/path-format.ts';
import { sees } from '../command.ts';
import { labMissing, openLab, type Lab } from '../lab.ts';
import { startIn } from './running.ts';
import { AS_USER, configureUsers, lacks, NodeCopy, TRACEROUTE, waysToStart, type Way } from './start.ts';

/** The second hop is silent for a while, and the target answers. */
const SLOW: PathFormat = {
  src: '10.0.0.1',
  hops: [
    { addr: '10.1.0.1', delay: 1 },
    { addr: '10.2.0.1', delay: 1, silent: true },
  ],
  dst: { addr: '10.99.0.1', delay: 2 },
  hosts: `127.0.0.1 localhost ${hostname()}\n`, // sudo asks for it
};
const HEAD = 'traceroute to 10.99.0.1 (10.99.0.1), 64 hops max, 40 byte packets\n';
const TRACE = /^ 1 {2}10\.1\.0\.1 .*\n 2 {2}\*\n 3 {2}10\.99\.0\.1 .*\n$/;

const skip = labMissing() ?? lacks('setpriv') ?? lacks('setcap') ?? false;
/** What the user has of his own is not attacked. */
const WAYS = Object.keys(waysToStart('')).filter((name) => name !== 'an ordinary user');
/** Those whose environment the user has made, as far as Node is told of it. */
const OF_THE_USER = ['the variables of sudo', 'a node copy with file capabilities', 'a systemd unit'];

describe('the user who started a command with rights', { skip }, () => {
  let lab: Lab;
  let copy: NodeCopy;
  let folder = '';
  const wayOf = (name: string): Way => {
    const way = waysToStart(copy.path)[name];
    assert.ok(way);
    return way;
  };

  before(async () => {
    copy = new NodeCopy();
    lab = await openLab();
    await lab.take(SLOW);
    configureUsers(lab.tracer);
    folder = mkdtempSync(join(tmpdir(), 'attack-'));
    chmodSync(folder, 0o777);
    writeFileSync(join(folder, 'evil.cjs'), `require('node:fs').writeFileSync('${folder}/ran', '');`);
  });
  after(() => {
    lab.close();
    copy.remove();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    rmSync(join(folder, 'ran'), { force: true });
  });

  it('would open a debugger with SIGUSR1 in any other program of Node', async () => {
    const idle = join(folder, 'idle.cjs');
    writeFileSync(idle, `process.stdout.write('ready'); setInterval(() => undefined, 1e6);`);
    const child = lab.spawn('setpriv', [...AS_USER.slice(1), copy.path, '--inspect-port=0', idle]);
    await sees(child, 'stdout', 'ready');
    child.kill('SIGUSR1');
    await sees(child, 'stderr', 'Debugger listening');
    child.kill('SIGKILL');
  });

  for (const name of WAYS) {
    const { skip: reason = false } = waysToStart('')[name] ?? {};

    it(`opens no debugger with SIGUSR1, and the trace goes on: ${name}`, { skip: reason }, async () => {
      const way = wayOf(name);
      const run = await startIn(lab, way, ['-n', '-q', '1', '-w', '1', '10.99.0.1'], '10.1.0.1');
      const { uid, gid } = way.user;
      const kill = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups', 'kill', '-USR1'];
      for (let times = 0; times < 3; times++) {
        const { status, stderr } = spawnSync('setpriv', [...kill, String(run.pid)], { encoding: 'utf8' });
        assert.equal(status, 0, stderr); // the user may signal the process, as it is his now
      }
      const { status, stdout, stderr } = await run.result;
      assert.deepEqual([status, stderr], [0, HEAD]);
      assert.match(stdout, TRACE);
    });

    it(`looks into no memory of it, and traces none of its calls: ${name}`, { skip: reason }, async () => {
      const way = wayOf(name);
      const run = await startIn(lab, way, ['-n', '-w', '60', '10.99.0.1'], '10.1.0.1');
      const { uid, gid } = way.user;
      const as = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups', '--inh-caps=-all'];
      try {
        for (const file of ['mem', 'environ', 'maps']) {
          const { stderr } = spawnSync('setpriv', [...as, 'head', '-c1', `/proc/${run.pid}/${file}`], {
            encoding: 'utf8',
          });
          assert.match(stderr, /Permission denied/);
        }
      } finally {
        process.kill(run.pid, 'SIGKILL');
        await run.result;
      }
    });
  }

  /** Runs the command to its end, with these variables for it and for sudo, and these options of Node. */
  async function runs(way: Way, env: Readonly<Record<string, string>>, ...options: readonly string[]) {
    const script = way.words.indexOf(TRACEROUTE);
    const first = way.words.includes('sudo') ? way.words.indexOf('sudo') : script - 1;
    const [program = '', ...words] = [
      ...way.words.slice(0, first),
      'env',
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
      ...way.words.slice(first, script),
      ...options,
      ...way.words.slice(script),
    ];
    await lab.take(SLOW);
    const args = [...words, '-n', '-q', '1', '-w', '1', '10.99.0.1'];
    return await lab.run(program, args, way.env ? { env: way.env } : {});
  }

  for (const name of OF_THE_USER) {
    for (const [variable, value] of [
      ['NODE_OPTIONS', '--max-old-space-size=100'],
      ['NODE_DEBUG', 'fs'],
      ['NODE_PATH', '/nonexistent'],
    ] as const) {
      it(`is refused the variable ${variable}: ${name}`, async () => {
        const { status, stdout, stderr, probes } = await runs(wayOf(name), { [variable]: value });
        const line = `traceroute: ${variable} is not for a run with rights that its user has not (start it without)\n`;
        assert.deepEqual([status, stdout, probes], [1, '', []]);
        // Node's own lines of NODE_DEBUG come first
        assert.ok(variable === 'NODE_DEBUG' ? stderr.endsWith(line) : stderr === line, stderr);
      });
    }
  }

  for (const option of ['--inspect=127.0.0.1:0', '--prof', '--cpu-prof', '--redirect-warnings=/dev/null']) {
    it(`is refused a debugger and files by option: ${option}`, async () => {
      for (const name of OF_THE_USER) {
        const { status, stderr, probes } = await runs(wayOf(name), {}, option, `--logfile=${folder}/v8.log`);
        assert.deepEqual([status, probes], [1, []], name);
        const [word = ''] = option.split('=');
        const line = `traceroute: ${word} of node is not for a run with rights that its user has not (start it without)`;
        assert.ok(stderr.split('\n').includes(line), stderr);
      }
    });
  }

  it('is refused a debugger that was opened before the first statement', async () => {
    const hook = join(folder, 'open.cjs'); // as SIGUSR1 does it, at a moment that is known
    writeFileSync(hook, `require('node:inspector').open(0, '127.0.0.1');`);
    for (const name of ['a node copy with file capabilities', 'a systemd unit']) {
      const { status, stdout, stderr, probes } = await runs(wayOf(name), {}, '--require', hook);
      assert.deepEqual([status, stdout, probes], [1, '', []], name);
      assert.match(
        stderr,
        /^traceroute: a debugger is open in a run with rights that its user has not \(start it without\)$/m,
      );
    }
  });

  it('runs no code by the environment where the file has the capabilities', async () => {
    for (const env of [
      { NODE_OPTIONS: `--require ${folder}/evil.cjs` },
      { NODE_REPL_EXTERNAL_MODULE: `${folder}/evil.cjs` },
      { NODE_OPTIONS: '--inspect=127.0.0.1:0' },
      { LD_PRELOAD: `${folder}/evil.so` },
    ]) {
      const { stderr } = await runs(wayOf('a node copy with file capabilities'), env);
      assert.doesNotMatch(stderr, /Debugger|ld\.so/);
      assert.equal(existsSync(join(folder, 'ran')), false);
    }
  });

  it('has Node write what it covered as himself, without the right', async () => {
    const env = { NODE_V8_COVERAGE: join(folder, 'coverage') };
    const { status, probes } = await runs(wayOf('a node copy with file capabilities'), env);
    assert.deepEqual([status, probes], [1, []]);
    const files = readdirSync(join(folder, 'coverage'), { withFileTypes: true });
    assert.ok(files.length > 0); // Node does that before any program runs: docs/security.md says so
  });

  it('gets nothing through by sudo', { skip: lacks('sudo') ?? false }, async () => {
    const way = wayOf('sudo');
    const NODE_OPTIONS = `--require ${folder}/evil.cjs`;
    const passed = await runs(way, { NODE_OPTIONS, NODE_V8_COVERAGE: join(folder, 'by-sudo') });
    assert.deepEqual([passed.status, passed.stderr], [0, HEAD]);
    assert.equal(existsSync(join(folder, 'ran')), false);
    assert.equal(existsSync(join(folder, 'by-sudo')), false);
    const words = (...added: readonly string[]): Way => ({
      ...way,
      words: [...AS_USER, 'sudo', '-n', ...added],
    });
    for (const attempt of [
      ['-E', process.execPath, TRACEROUTE],
      [`NODE_OPTIONS=${NODE_OPTIONS}`, process.execPath, TRACEROUTE],
      [process.execPath, '--require', `${folder}/evil.cjs`, TRACEROUTE],
      [process.execPath, '--inspect', TRACEROUTE],
    ]) {
      const { status, stderr, probes } = await runs(words(...attempt), { NODE_OPTIONS });
      assert.equal(existsSync(join(folder, 'ran')), false, attempt.join(' '));
      assert.deepEqual([status, probes], [1, []], attempt.join(' '));
      assert.match(stderr, /^sudo: /);
    }
  });
});
