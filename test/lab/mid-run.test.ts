/** Covers what happens to a machine while it traces: its interface, address, route or firewall changes, or the run is stopped. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { normalise } from '../sim/normalise.ts';
import { ended, mustRun, sees, spawnIn, type CommandResult } from './command.ts';
import { labMissing, openLab } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';

const TRACEROUTE = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
const TARGET = '10.4.0.1';
const DEFAULT_ROUTE = 'route add default via 10.1.0.1';
const NEIGHBOUR = 'neighbour replace 10.1.0.1 lladdr 02:00:00:00:01:01 dev right nud permanent';
/** The second router is silent: the run waits there for `-w`, and has time for what is done to the machine. */
const SILENT =
  'table ip silent { chain out { type filter hook output priority 0; ip protocol icmp drop; }; }';
const HEAD = /^ 1 {2}10\.1\.0\.1 {2}<rtt> ms\n 2 {2}\*\n/;

describe('a machine that changes in mid-run', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(() => {
    routers = openRouters(3);
    routers.nft('r2', SILENT);
  });
  after(() => {
    routers.close();
  });

  const ip = (...lines: readonly string[]): string =>
    mustRun('ip', ['-n', routers.namespaceOf('src'), '-batch', '-'], lines.join('\n'));

  /** Does something to the machine once the first hop is shown: the others are not probed yet. */
  async function change(act: () => void, ...options: readonly string[]): Promise<CommandResult> {
    const argv = [TRACEROUTE, '-n', '-q1', '-w1', '-m5', '--parallel', '1', ...options, TARGET];
    const child = spawnIn(routers.namespaceOf('src'), process.execPath, argv);
    const result = ended(child);
    await sees(child, 'stdout', '10.1.0.1');
    act();
    const { status, stdout, stderr } = await result;
    assert.doesNotMatch(stderr, /\n +at /);
    assert.equal(status, 0);
    return { status, stdout: normalise(stdout), stderr };
  }

  const SETUP = ['link set right up', DEFAULT_ROUTE, NEIGHBOUR];
  const END = / 3 {2}10\.3\.0\.1 {2}<rtt> ms\n 4 {2}10\.4\.0\.1 {2}<rtt> ms$/;

  it('is traced from to the end when its interface goes down and up', async () => {
    const { stdout } = await change(() => ip('link set right down', ...SETUP));
    assert.match(stdout, HEAD);
    assert.match(stdout, END);
  });

  for (const [what, act, undo, reason] of [
    [
      'its interface is down',
      () => ip('link set right down'),
      () => ip(...SETUP),
      'Network is (?:unreachable|down)',
    ],
    [
      'its route is replaced by one that leads nowhere',
      () => ip('route replace blackhole default'),
      () => ip('route del blackhole default', DEFAULT_ROUTE),
      'Invalid argument',
    ],
    [
      'its address is removed',
      () => ip('address del 10.1.0.2/24 dev right'),
      () => ip('address add 10.1.0.2/24 dev right', DEFAULT_ROUTE, NEIGHBOUR),
      'Network is unreachable',
    ],
    [
      'its firewall begins to drop',
      () =>
        routers.nft(
          'src',
          'table ip late { chain out { type filter hook output priority 0; udp dport 1-65535 drop; }; }',
        ),
      () => routers.nft('src', 'delete table ip late'),
      'Operation not permitted',
    ],
    [
      'its firewall begins to reject',
      () =>
        routers.nft(
          'src',
          'table ip late { chain out { type filter hook output priority 0; udp dport 1-65535 reject; }; }',
        ),
      () => routers.nft('src', 'delete table ip late'),
      'Operation not permitted',
    ],
  ] as const) {
    it(`keeps what was answered, and says what the system refuses, when ${what}`, async () => {
      try {
        const { stdout, stderr } = await change(act);
        assert.match(stdout, HEAD);
        assert.match(stderr, new RegExp(`^traceroute: sendto: ${reason}$`, 'm'));
      } finally {
        undo();
      }
    });
  }

  it('writes the document of --json when its firewall begins to drop', async () => {
    try {
      const argv = [TRACEROUTE, '-nv', '-q1', '-w1', '-m4', '--parallel', '1', '--json', TARGET];
      routers.nft(
        'src',
        'table ip late { chain out { type filter hook output priority 0; ip ttl > 2 udp dport 1-65535 drop; }; }',
      );
      const { status, stdout } = await routers.exec('src', process.execPath, argv);
      const { trace } = JSON.parse(stdout) as { trace: { hops: { probes: unknown[] }[] } }; // by formats/trace-json.ts
      assert.equal(status, 0);
      assert.deepEqual(trace.hops[2]?.probes, [{ error: 'Operation not permitted' }]);
    } finally {
      routers.nft('src', 'delete table ip late');
    }
  });
});

describe('a link that is narrower than a burst', { skip: labMissing() ?? false }, () => {
  it('gets every probe as soon as there is room, and no error', async () => {
    const routers = openRouters(2);
    try {
      // 200 probes of 1400 octets are more than the buffer of a socket holds: the system says EAGAIN or ENOBUFS
      const narrow = 'qdisc add dev right root tbf rate 4mbit burst 3000 limit 10mb'.split(' ');
      mustRun('tc', ['-n', routers.namespaceOf('src'), ...narrow]);
      const argv = [TRACEROUTE, '-n', '--fast', '-q', '50', '-m', '4', '10.3.0.1', '1400'];
      const { status, stdout } = await routers.exec('src', process.execPath, argv);
      assert.equal(stdout.match(/ ms/g)?.length, 150);
      assert.doesNotMatch(stdout, /\*/);
      assert.equal(status, 0);
    } finally {
      routers.close();
    }
  });
});

describe('a run that is stopped and goes on', { skip: labMissing() ?? false }, () => {
  it('has every answer that came meanwhile, with its right time', async () => {
    const lab = await openLab();
    try {
      const hops = [
        { addr: '10.1.0.1', delay: 1 },
        { addr: '10.2.0.1', delay: 500 },
      ];
      await lab.take({ src: '10.0.0.1', hops, dst: { addr: '10.99.0.1', delay: 500 } });
      const child = lab.spawn(process.execPath, [
        TRACEROUTE,
        '-n',
        '-q1',
        '-w5',
        '--fast',
        '-m3',
        '10.99.0.1',
      ]);
      const result = ended(child);
      await sees(child, 'stdout', '10.1.0.1');
      child.kill('SIGSTOP');
      const all = (await lab.probes()).length;
      assert.equal(all, 3);
      // the kernel has the answers 500 ms after the probes; nothing tells when from outside
      setTimeout(() => child.kill('SIGCONT'), 1500);
      const { stdout } = await result;
      const [, second = '', third = ''] =
        /2 {2}10\.2\.0\.1 {2}(\S+) ms\n 3 {2}10\.99\.0\.1 {2}(\S+) ms\n$/.exec(stdout) ?? [];
      for (const rtt of [second, third]) assert.ok(Number(rtt) >= 500 && Number(rtt) < 1000, stdout);
    } finally {
      lab.close();
    }
  });
});
