/** Covers a machine that has no local port left, or lets a process open few files. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ended, mustRun, spawnIn, type CommandResult } from './command.ts';
import { createNamespaces, labMissing, removeNamespace } from './namespaces.ts';

const commandOf = (name: string) => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
/** The only port of the system's choice. */
const PORT = 40_000;
/** Takes that port of UDP and TCP, and says so. */
const OCCUPY = `
const socket = require('node:dgram').createSocket('udp4').bind(${PORT}, () =>
  require('node:net').createServer().listen(${PORT}, '0.0.0.0', () => console.log('taken')));`;
const NO_PORT =
  'cannot reserve a local port: all are in use (widen net.ipv4.ip_local_port_range, or wait; ICMP takes none)';
const FILES_REMEDY = '(raise "ulimit -n", or start fewer at once)';

describe('a machine without a free port', { skip: labMissing() ?? false }, () => {
  let namespace = '';
  before(async () => {
    [namespace = ''] = createNamespaces(['ports']);
    const narrow = `echo ${PORT} ${PORT} > /proc/sys/net/ipv4/ip_local_port_range`;
    mustRun('ip', ['netns', 'exec', namespace, 'sh', '-c', narrow]);
    const { stdout } = spawnIn(namespace, process.execPath, ['-e', OCCUPY]);
    assert.ok(stdout);
    await once(stdout, 'data');
  });
  after(() => {
    removeNamespace(namespace);
  });

  const run = (command: string, argv: string): Promise<CommandResult> =>
    ended(spawnIn(namespace, process.execPath, [commandOf(command), ...argv.split(' ')]));

  for (const options of ['-n -I', '-I', '-n -P gre', '-n -P 89', '-n --transport raw-socket -I']) {
    it(`is traced from by what needs none: ${options}`, async () => {
      const { status, stdout } = await run('traceroute', `-q1 ${options} 127.0.0.1`);
      assert.match(stdout, /^ 1 {2}(?:localhost \(127\.0\.0\.1\)|127\.0\.0\.1) {2}\d+\.\d{3} ms/);
      assert.equal(status, 0);
    });
  }

  it('shows a matrix of what needs none', async () => {
    const { status, stdout } = await run('traceroute', '-n --matrix icmp,gre 127.0.0.1');
    assert.match(stdout, /^icmp +reached[^]*^gre +reached/m);
    assert.equal(status, 0);
  });

  it('leaves out of a matrix what needs one, and says so without a rule', async () => {
    const { status, stdout } = await run('traceroute', '-n --matrix tcp/80,icmp,udp/53 --explain 127.0.0.1');
    assert.match(stdout, /^icmp +reached/m);
    for (const probe of ['tcp/80', 'udp/53']) {
      assert.ok(
        stdout.includes(`\n${probe}  blocked here  at hop 0, for want of a port: ${NO_PORT}\n`),
        stdout,
      );
    }
    assert.doesNotMatch(stdout, /nftables/);
    assert.equal(status, 3);
  });

  for (const [command, argv, program] of [
    ['traceroute', '-n', 'traceroute: '],
    ['traceroute', '-n --matrix tcp/80,udp/53', 'traceroute: '],
    ['traceroute', '-n -P tcp', 'traceroute: '],
    ['traceroute', '-n --transport plain', 'traceroute: '],
    ['tcptraceroute', '-n', ''],
  ] as const) {
    it(`says in one line that it has none left: ${command} ${argv}`, async () => {
      const { status, stdout, stderr } = await run(command, `${argv} 127.0.0.1`);
      assert.deepEqual(
        { status, stdout, stderr },
        { status: 1, stdout: '', stderr: `${program}${NO_PORT}\n` },
      );
    });
  }
});

describe('a process that may open few files', { skip: labMissing() ?? false }, () => {
  let namespace = '';
  before(() => {
    [namespace = ''] = createNamespaces(['files']);
  });
  after(() => {
    removeNamespace(namespace);
  });

  // Node itself has 18 or 19 open: the sockets run out at each of their turns
  for (const limit of [20, 21, 22, 23]) {
    for (const options of [
      '-n',
      '',
      '-n -I',
      '-n -P tcp',
      '-n --transport plain',
      '-n --matrix icmp,tcp/80,udp/53',
    ]) {
      it(`with ${limit} traces, or says in one line that it has too many: ${options}`, async () => {
        const script = `ulimit -n ${limit}; exec "$@"`;
        const argv = [
          commandOf('traceroute'),
          '-q1',
          '-w1',
          ...options.split(' ').filter(Boolean),
          '127.0.0.1',
        ];
        const command = ['-c', script, 'bash', process.execPath, ...argv];
        const { status, stdout, stderr } = await ended(spawnIn(namespace, 'bash', command));
        assert.doesNotMatch(stderr, /\n +at |fails its test/);
        if (status === 1) {
          assert.equal(stdout, '');
          assert.match(stderr, /^traceroute: cannot [^\n]*: Too many open files [^\n]*\n$/);
          assert.ok(stderr.includes(FILES_REMEDY), stderr);
        } else assert.match(stdout + stderr, /127\.0\.0\.1.* 0\.\d|Too many open files/);
      });
    }
  }
});
