/** Covers runs whose output cannot be written: a full disk, a file at its limit, a descriptor that is closed or read only. */
import assert from 'node:assert/strict';
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PathFormat } from '../sim/path-format.ts';
import { normalise } from '../sim/normalise.ts';
import { labMissing, openLab, type Lab } from './lab.ts';

const COMMAND = fileURLToPath(new URL('../../dist/', import.meta.url));
const PATH: PathFormat = {
  src: '10.0.0.1',
  hops: [{ addr: '10.1.0.1', delay: 1 }],
  dst: { addr: '10.99.0.1' },
};
const HEAD = 'traceroute to 10.99.0.1 (10.99.0.1), 64 hops max, 40 byte packets\n';

describe('a run whose output cannot be written', { skip: labMissing() ?? false }, () => {
  let lab: Lab;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'full-'));
    lab = await openLab();
    await lab.take(PATH);
  });
  after(() => {
    lab.close();
    rmSync(folder, { recursive: true });
  });

  /** Runs a line of bash in which `$traceroute` stands for the command, and `$file` for a file that is not there. */
  const bash = (line: string) => {
    const node = `traceroute="${process.execPath} ${join(COMMAND, 'traceroute.js')}" file=${join(folder, 'out')}`;
    return lab.run('bash', ['-c', `${node}\n${line}`]);
  };

  for (const [what, line, reason] of [
    ['a full disk', '$traceroute -n 10.99.0.1 >/dev/full', 'no space left on device'],
    ['a file at its limit', '(ulimit -f 0; $traceroute -n 10.99.0.1 >$file)', 'file too large'],
    ['a descriptor to read from', '$traceroute -n 10.99.0.1 1</dev/null', 'bad file descriptor'],
  ] as const) {
    it(`ends with one line about ${what}, and status 1`, async () => {
      const { status, stderr } = await bash(line);
      assert.equal(stderr, `${HEAD}traceroute: cannot write standard output: ${reason}\n`);
      assert.equal(status, 1);
    });
  }

  for (const options of ['--json', '--matrix icmp', '--help']) {
    it(`ends with one line and status 1 with ${options} too`, async () => {
      const { status, stderr } = await bash(`$traceroute ${options} 10.99.0.1 >/dev/full`);
      assert.match(stderr, /(^|\n)traceroute: cannot write standard output: no space left on device\n$/);
      assert.doesNotMatch(stderr, /\n +at /);
      assert.equal(status, 1);
    });
  }

  it('has written what there was room for', async () => {
    const { status, stderr } = await bash('ulimit -f 1; $traceroute --help >$file');
    assert.equal(stderr, 'traceroute: cannot write standard output: file too large\n');
    assert.equal(readFileSync(join(folder, 'out')).length, 1024);
    assert.equal(status, 1);
  });

  it('is not cut short by a slow reader', async () => {
    // more than a pipe holds; bash reads octet by octet
    const { stdout } = await bash(
      '$traceroute --json -q 200 10.99.0.1 | while IFS= read -r line; do echo "$line"; done',
    );
    assert.ok(stdout.length > 65_536);
    const { trace } = JSON.parse(stdout) as { trace: { hops: { probes: unknown[] }[] } }; // by formats/trace-json.ts
    assert.deepEqual(
      trace.hops.map(({ probes }) => probes.length),
      [200, 200],
    );
  });

  it('is traced to its end where standard error alone is full', async () => {
    const { status, stdout } = await bash('$traceroute -nq1 10.99.0.1 2>/dev/full');
    assert.equal(normalise(stdout), ' 1  10.1.0.1  <rtt> ms\n 2  10.99.0.1  <rtt> ms');
    assert.equal(status, 0);
  });
});
