/** Covers text from outside: options, files, name servers and interfaces. Nothing of it reaches the terminal raw. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PathFormat } from '../sim/path-format.ts';
import { mustRun } from './command.ts';
import { labMissing, openLab, type Lab } from './lab.ts';
import { configure } from './namespaces.ts';

const commandOf = (name: string) => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
/** ESC, the CSI of C1, and what turns the reading direction. */
const EVIL = 'evil\u001b[31m\u009b2J\u202e';
/** The same with an end of line, after which anything could look like a line of the program. */
const LINES = `${EVIL}\nFORGED`;
const INTERFACE = 'e\u001b\u009b\u202e0';
const PATH: PathFormat = {
  src: '10.0.0.1',
  hops: [
    { addr: '10.1.0.1', delay: 1 },
    { addr: '10.2.0.1', delay: 1 },
  ],
  dst: { addr: '10.99.0.1', tcp: { 80: 'open' } },
  hosts: `127.0.0.1 localhost\n10.1.0.1 hosts${EVIL}\n`,
  dns: { addr: '10.53.0.1', names: { '1.0.2.10.in-addr.arpa/PTR': [`dns${EVIL}`] } },
};

function assertFit(text: string): void {
  assert.doesNotMatch(text, /[^\P{C}\n\t]|^FORGED|\n {4}at /mu);
}

describe('text from outside', { skip: labMissing() ?? false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
  let lab: Lab;
  before(async () => {
    lab = await openLab();
    await lab.take(PATH);
    configure(lab.tracer, 'services', `${EVIL} 80/tcp\n`);
    const names = ['name', INTERFACE, 'type', 'veth', 'peer', 'name', 'other'];
    mustRun('ip', ['-n', lab.tracer, 'link', 'add', ...names]);
  });
  after(() => {
    lab.close();
    rmSync(folder, { recursive: true });
  });

  async function output(file: string, ...argv: readonly string[]): Promise<string> {
    const { stdout, stderr } = await lab.run(process.execPath, [file, ...argv]);
    return stdout + stderr;
  }

  for (const option of [
    '-p',
    '-m',
    '-P',
    '-g',
    '-i',
    '-s',
    '-w',
    '-z',
    '-q',
    '-A',
    '--gap',
    '--matrix',
    '--rules',
    '--x',
  ]) {
    it(`is fit for a terminal as the value of ${option}`, async () => {
      const text = await output(commandOf('traceroute'), '-n', '-q1', option, LINES, '10.99.0.1');
      assertFit(text);
      assert.match(text, /evil|no host|unknown option/);
    });
  }

  for (const argv of [
    [LINES],
    ['10.99.0.1', LINES],
    ['10.99.0.1', '80', LINES],
    [`--${LINES}`, '10.99.0.1'],
  ]) {
    it(`is fit for a terminal as operand ${argv.length} of tcptraceroute ${argv[0]?.slice(0, 2) ?? ''}`, async () => {
      assertFit(await output(commandOf('tcptraceroute'), '-n', '-q1', ...argv));
    });
  }

  for (const options of [[], ['--json'], ['--matrix', 'icmp,tcp/80', '--explain']]) {
    it(`is fit for a terminal from the hosts file and a name server: ${options.join(' ')}`, async () => {
      const text = await output(commandOf('traceroute'), '-q1', ...options, '10.99.0.1');
      assertFit(text);
      for (const name of ['hostsevil?[31m?2J?', 'dnsevil?[31m?2J?']) assert.ok(text.includes(name), text);
    });
  }

  it('is fit for a terminal as the name of a service', async () => {
    const text = await output(commandOf('tcptraceroute'), '-n', '-q1', '10.99.0.1');
    assertFit(text);
    assert.match(text, /port 80 \(evil\?\[31m\?2J\?\)/);
  });

  it('is fit for a terminal as the name of an interface', async () => {
    const text = await output(commandOf('traceroute'), '-n', '-i', INTERFACE, '10.99.0.1');
    assertFit(text);
    assert.match(text, /interface e\?\?\?0 is down/);
  });

  it('is fit for a terminal as the name of the command', async () => {
    const link = join(folder, LINES);
    symlinkSync(commandOf('traceroute'), link);
    for (const argv of [['10.99.0.1', '-n', '-q1'], ['--nope'], ['--help'], ['-h']]) {
      const text = await output(link, ...argv);
      assertFit(text);
      assert.match(text, /evil\?\[31m\?2J\?\?FORGED/);
    }
  });
});
