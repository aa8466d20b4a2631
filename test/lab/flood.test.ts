/** Covers measure/flood-limit.ts and `traceroute -v` on a host that a flood of other hosts' ICMP reaches. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ended, sees, spawnIn, type CommandResult } from './command.ts';
import { labMissing } from './namespaces.ts';
import { openRouters, type Routers } from './routers.ts';

const TRACEROUTE = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
const FLOODER = fileURLToPath(new URL('flooder.ts', import.meta.url));
/** Messages a second that are asked for; a busy machine may send fewer. */
const RATE = 60_000;
const MOST_KILOBYTES = 100 << 10;
/** As the run over the same path without a flood, which takes a fifth of a second, and much more for a busy machine. */
const MOST_MS = 8000;
/** All that the limit lets through at once, and in that time, with some two hundred octets of text for each message. */
const MOST_TEXT = 300_000;

describe('traceroute -v beside a flood', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  let flooder: ChildProcess;
  before(async () => {
    routers = openRouters(3);
    // so that the run takes a while
    routers.nft(
      'r2',
      'table ip mute { chain o { type filter hook output priority 0; icmp type time-exceeded drop; }; }',
    );
    const args = ['--import', import.meta.resolve('tsx'), FLOODER, '10.1.0.1', '10.1.0.2', String(RATE)];
    flooder = spawnIn(routers.namespaceOf('r1'), process.execPath, args, { stdin: 'pipe' });
    await sees(flooder, 'stdout', 'flooding');
  });
  after(() => {
    routers.close();
  });

  /** Runs traceroute in src. Answers its peak memory too, which it is asked for as long as it runs. */
  async function run(...args: readonly string[]): Promise<CommandResult & { ms: number; peak: number }> {
    const startMs = performance.now();
    const child = spawnIn(routers.namespaceOf('src'), process.execPath, [TRACEROUTE, ...args, '10.4.0.1']);
    let peak = 0;
    child.stdout?.on('data', () => {
      peak = Math.max(peak, peakOf(child.pid ?? 0));
    });
    const result = await ended(child);
    return { ...result, ms: performance.now() - startMs, peak };
  }

  it('answers every hop in its time, prints so much and says what it left out, in little memory', async () => {
    const { status, stdout, stderr, ms, peak } = await run('-v', '-n', '-w', '1');
    assert.equal(status, 0);
    for (const responder of ['10.1.0.1', '10.3.0.1', '10.4.0.1']) {
      const times = timesOf(stdout, responder);
      assert.equal(times.length, 3, `${responder}: ${times.join()}`);
      // the kernel's stamps: over these links a few hundredths of a millisecond
      assert.ok(Math.min(...times) < 5, `${responder}: ${times.join()}`);
    }
    assert.match(
      stdout,
      /^48 bytes from 10\.1\.0\.1 to 10\.1\.0\.2: icmp type 11 \(Time Exceeded\) code 0$/m,
    );
    assert.match(
      stderr,
      /^traceroute: left out \d+ packets that are no replies: more arrived than can be shown$/m,
    );
    assert.ok(stdout.length < MOST_TEXT, `${stdout.length} octets of text`);
    assert.ok(ms < MOST_MS, `${ms.toFixed(0)} ms`);
    assert.ok(peak > 0 && peak < MOST_KILOBYTES, `${peak} KiB`);
  });

  it('is read by a slow reader without holding more', async () => {
    const script = `"$0" "$1" -v -n -w 1 10.4.0.1 | { sleep 1; cat; }`;
    const { stdout } = await routers.exec('src', 'bash', ['-c', script, process.execPath, TRACEROUTE]);
    assert.equal(timesOf(stdout, '10.4.0.1').length, 3);
    assert.ok(stdout.length < MOST_TEXT, `${stdout.length} octets of text`);
  });

  it('flooded all the while', async () => {
    const result = ended(flooder);
    flooder.stdin?.end();
    const [sent = 0, seconds = 1] = (await result).stdout.trim().split(' ').map(Number);
    assert.ok(sent / seconds > RATE / 10, `${sent} in ${seconds} s`);
  });
});

function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0; // it has ended
  }
}

/** The other ICMP that -v shows: a line about it and its words. */
const MESSAGE = /\n?\d+ bytes from .*\n(?: ?\d+: [0-9a-f]{8}\n)*/g;

/** The times printed for a responder, on however many lines messages have broken its hop's. */
function timesOf(stdout: string, responder: string): number[] {
  const [, hop = ''] = stdout.replace(MESSAGE, '').split(` ${responder} 48 bytes to 10.1.0.2`);
  const [times = ''] = hop.split(/ \d+\.\d+\.\d+\.\d+ | \*/, 1);
  return times.match(/\d+\.\d{3}(?= ms)/g)?.map(Number) ?? [];
}
