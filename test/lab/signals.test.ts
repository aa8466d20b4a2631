/** Covers what a signal does to a command, and to the shell's loop that it stands in. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PathFormat } from '../sim/path-format.ts';
import { ended, sees } from './command.ts';
import { labMissing, openLab, type Lab } from './lab.ts';

const commandOf = (name: string) => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
const TRACEROUTE = commandOf('traceroute');
/** Its `-d` tells of each reply at once. */
const TCPTRACEROUTE = commandOf('tcptraceroute');
const TARGET = '10.99.0.1';
/** Long enough for a process to start and to be answered, and far less than it is told to wait. */
const INTERRUPTED_AFTER_MS = 1500;

/** A path whose second hop is silent, so that a run waits there. */
const SILENT: PathFormat = {
  src: '10.0.0.1',
  hops: [
    { addr: '10.1.0.1', delay: 1 },
    { addr: '10.2.0.1', delay: 1, silent: true },
  ],
  dst: { addr: TARGET, delay: 2, tcp: { 25: 'filtered', 80: 'open' } },
};

describe('a signal', { skip: labMissing() ?? false }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
    await lab.take(SILENT);
  });
  after(() => {
    lab.close();
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`${signal} has the lines printed that are known, and ends the command by itself`, async () => {
      const child = lab.spawn(process.execPath, [TRACEROUTE, '-n', '-q1', '-w30', '-m2', TARGET]);
      const result = ended(child);
      await sees(child, 'stdout', '10.1.0.1');
      child.kill(signal);
      assert.match((await result).stdout, /^ 1 {2}10\.1\.0\.1 {2}\d+\.\d{3} ms\n$/);
      assert.equal(child.signalCode, signal);
    });
  }

  it('SIGINT loses no answer from behind a silent hop', async () => {
    const child = lab.spawn(process.execPath, [TCPTRACEROUTE, '-nd', '-q1', '-w30', TARGET]);
    const result = ended(child);
    await sees(child, 'stderr', 'hop 3, probe 1');
    child.kill('SIGINT');
    assert.match(
      (await result).stdout,
      /^ 1 {2}10\.1\.0\.1 {2}\S+ ms\n 2 {2}\*\n 3 {2}10\.99\.0\.1 \[open\] {2}\S+ ms\n$/,
    );
  });

  it('SIGINT to the process group ends the loop of a shell', async () => {
    const script = `for i in 1 2 3; do "$0" "$1" -n -q1 -w30 -m2 ${TARGET}; echo "next: $?"; done; echo end`;
    const child = lab.spawn('setsid', ['bash', '-c', script, process.execPath, TRACEROUTE]);
    const result = ended(child);
    await sees(child, 'stdout', '10.1.0.1');
    process.kill(-(child.pid ?? 0), 'SIGINT');
    assert.match((await result).stdout, /^ 1 {2}10\.1\.0\.1 {2}\S+ ms\n$/);
    assert.equal(child.signalCode, 'SIGINT');
  });

  it('SIGINT is 128 and its number to a shell, after the document of --json', async () => {
    const script = `trap : INT; "$0" "$1" -nd --json -q1 -w30 ${TARGET}; echo "status $?"`;
    const child = lab.spawn('setsid', ['bash', '-c', script, process.execPath, TCPTRACEROUTE]);
    const result = ended(child);
    await sees(child, 'stderr', 'hop 3, probe 1');
    process.kill(-(child.pid ?? 0), 'SIGINT');
    const { stdout } = await result;
    assert.match(stdout, /\nstatus 130\n$/);
    const { trace } = JSON.parse(stdout.replace(/status 130\n$/, '')) as {
      trace: { hops: readonly unknown[]; stop: string };
    }; // by formats/trace-json.ts
    assert.deepEqual([trace.hops.length, trace.stop], [3, 'interrupted']);
  });

  it('SIGINT has a matrix shown as far as it is proved', async () => {
    const argv = [TRACEROUTE, '--matrix', 'udp,icmp,tcp/25,tcp/80', '-n', '-w30', TARGET];
    const child = lab.spawn(process.execPath, argv);
    const result = ended(child);
    setTimeout(() => child.kill('SIGINT'), INTERRUPTED_AFTER_MS).unref();
    assert.match((await result).stdout, /^tcp\/25 +unknown +interrupted/m);
    assert.equal(child.signalCode, 'SIGINT');
  });

  it('SIGTERM, as timeout sends it, has a matrix written first', async () => {
    const args = ['1', process.execPath, TRACEROUTE, '--matrix', 'udp,icmp', '--json', '-n', '-w30', TARGET];
    const { status, stdout } = await lab.run('timeout', args);
    const { matrix } = JSON.parse(stdout) as {
      matrix: { columns: readonly unknown[]; interrupted: boolean };
    }; // by formats/matrix-json.ts
    assert.deepEqual([matrix.columns.length, matrix.interrupted], [2, true]);
    assert.equal(status, 124);
  });
});
