/** Covers both commands over IPv6 kernel routers with nftables, and the choice between both families. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { normalise } from '../sim/normalise.ts';
import { labMissing } from './lab.ts';
import { configure } from './namespaces.ts';
import { openRouters, type Routers } from './routers.ts';

const OPEN_PORT = 8080;
const CLOSED_PORT = 8081;
const ROUTERS = 3;
/** The least MTU of a link. RFC 8200 section 5. */
const SMALL_MTU = 1280;

/** The errors that nftables can reject with, and the letters of both commands for them. RFC 4443 section 3.1. */
const REJECTS: readonly (readonly [type: string, bsd: string, tcp: string])[] = [
  ['no-route', ' !N', ' !N'],
  ['admin-prohibited', ' !X', ' !X'],
  ['addr-unreachable', ' !H', ' !H'],
  ['port-unreachable', ' !p', ' !p'],
  ['policy-fail', ' !A', ' !A'],
  ['reject-route', ' !R', ' !R'],
];

/** Makes a table with one rule for what a router forwards. */
function forwarding(rule: string): string {
  return `table inet filter {
    chain forward { type filter hook forward priority 0; policy accept; ${rule}; }
  }`;
}

describe('firewalls on kernel routers of IPv6', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  let target = '';
  before(async () => {
    routers = openRouters(ROUTERS);
    target = routers.destination[6];
    await routers.listen(OPEN_PORT);
  });
  afterEach(() => {
    for (const node of ['r2', 'dst']) routers.nft(node, 'flush ruleset');
  });
  after(() => {
    routers.close();
  });

  async function run(command: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
    const script = fileURLToPath(new URL(`../../dist/${command}.js`, import.meta.url));
    return routers.exec('src', process.execPath, [script, '-n', ...args]);
  }

  /** Runs a command with one probe a hop. Answers its lines as `hop address rest`, without RTTs. */
  async function trace(command: string, ...args: string[]): Promise<string[]> {
    const { stdout } = await run(command, '-q1', ...args);
    return normalise(stdout)
      .split('\n')
      .map((line) => line.replace(/ +/g, ' ').replace(' <rtt> ms', '').trim());
  }

  const way = (length: number): string[] =>
    Array.from({ length }, (_, index) => `${index + 1} fd00:${index + 1}::1`);

  for (const [args, last] of [
    ['-P udp', ''],
    ['-I', ''],
    ['-P tcp', ' [closed]'],
    ['-P udplite', ''],
    ['-P gre', ''],
    ['-P sctp', ''],
    ['-P 89', ''],
    ['-P esp', ''],
  ] as const) {
    it(`sees every router with ${args}`, async () => {
      const lines = await trace('traceroute', ...args.split(' '), target);
      // the target's kernel knows the protocol, or says that it does not
      const heard = lines.map((line) => line.replace(/ !P$/, ''));
      assert.deepEqual(heard, [...way(ROUTERS), `4 ${target}${last}`]);
    });
  }

  it('takes a parameter problem for a target without the protocol', async () => {
    const lines = await trace('traceroute', '-P', '99', target);
    assert.deepEqual(lines, [...way(ROUTERS), `4 ${target} !P`]);
  });

  for (const [type, bsd, tcp] of REJECTS) {
    it(`shows a reject with ${type}`, async () => {
      routers.nft('r2', forwarding(`meta l4proto { tcp, udp } reject with icmpv6 type ${type}`));
      // r2 answers the probe whose hop limit ends there, and rejects the one that has hops left for r3
      assert.deepEqual(await trace('traceroute', target), [...way(2), `3 fd00:2::1${bsd}`]);
      assert.deepEqual(await trace('tcptraceroute', target), [...way(2), `3 fd00:2::1${tcp}`]);
    });
  }

  it('shows stars behind a filter that drops, and other protocols pass', async () => {
    routers.nft('r2', forwarding('meta l4proto udp drop'));
    assert.deepEqual(await trace('traceroute', '-w1', '-m4', target), [...way(2), '3 *', '4 *']);
    assert.deepEqual((await trace('traceroute', '-I', target)).at(-1), `4 ${target}`);
  });

  it('tells open, closed, reset and filtered ports apart', async () => {
    const last = async (...args: string[]) => (await trace('tcptraceroute', ...args)).at(-1);
    assert.equal(await last(target, String(OPEN_PORT)), `4 ${target} [open]`);
    assert.equal(await last('-A', target, String(OPEN_PORT)), `4 ${target} [closed]`);
    assert.equal(await last(target, String(CLOSED_PORT)), `4 ${target} [closed]`);
    routers.nft('r2', forwarding('tcp dport 81 drop; tcp dport 82 reject with tcp reset'));
    assert.equal(await last('-w1', '-m5', target, '81'), '5 *');
    assert.equal(await last(target, '82'), `3 ${target} [closed]`);
    const bsd = await trace('traceroute', '-P', 'tcp', '-e', '-p', String(OPEN_PORT), target);
    assert.equal(bsd.at(-1), `4 ${target} [open]`);
  });

  it('shows where a datagram is too big, however often it is asked', async () => {
    const setMtu = (node: string, device: string, mtu: number) =>
      routers.exec(node, 'ip', ['link', 'set', device, 'mtu', String(mtu)]);
    await setMtu('r2', 'right', SMALL_MTU);
    try {
      // a kernel that was told once would refuse to send anything longer
      for (const transport of ['auto', 'auto', 'raw-socket']) {
        const lines = await trace('traceroute', '--transport', transport, target, '1400');
        assert.deepEqual(lines, [...way(2), `3 fd00:2::1 !F-${SMALL_MTU}`]);
      }
      const fitting = await trace('traceroute', target, String(SMALL_MTU));
      assert.deepEqual(fitting, [...way(ROUTERS), `4 ${target}`]);
    } finally {
      await setMtu('r2', 'right', 1500);
    }
  });

  for (const [what, address] of [
    ['a target on the link', 'fd00:1::1'],
    ['the machine itself', 'fd00:1::2'],
    ['loopback', '::1'],
  ] as const) {
    it(`traces to ${what}`, async () => {
      const [udp, echo, tcp] = await Promise.all([
        trace('traceroute', address),
        trace('traceroute', '-I', address),
        trace('tcptraceroute', address, String(CLOSED_PORT)),
      ]);
      assert.deepEqual([udp, echo, tcp], [[`1 ${address}`], [`1 ${address}`], [`1 ${address} [closed]`]]);
    });
  }

  it('traces to link-local addresses in their zone, and shows it', async () => {
    const { stdout } = await routers.exec('r1', 'ip', ['-o', '-6', 'address', 'show', 'dev', 'left']);
    const [, address = ''] = /inet6 (fe80:[^/]+)/.exec(stdout) ?? [];
    const hop = `1 ${address}%right`;
    assert.deepEqual(await trace('traceroute', `${address}%right`), [hop]);
    assert.deepEqual(await trace('traceroute', '-I', `${address}%right`), [hop]);
    assert.deepEqual(await trace('traceroute', '-i', 'right', address), [hop]);
    const { stdout: link } = await routers.exec('src', 'ip', ['-o', 'link', 'show', 'dev', 'right']);
    const [index = ''] = /^\d+/.exec(link) ?? [];
    assert.deepEqual(await trace('traceroute', `${address}%${index}`), [hop]);
    const { stderr } = await run('tcptraceroute', '-q1', `${address}%right`, String(CLOSED_PORT));
    assert.match(stderr, /^Selected device right, address fe80:/);
    const { stderr: refusal } = await run('traceroute', address);
    assert.match(refusal, /: a link-local address needs its interface/);
    const { stderr: noZone } = await run('traceroute', `${address}%nosuch`);
    assert.match(noZone, /: there is no interface nosuch /);
  });

  it('writes flow label, traffic class and hop limit as they were asked for', async () => {
    const args = ['-D', '-t', '0xb8', '--flow-label', '12345', '-f2', '-m2', target];
    const { stdout } = await run('traceroute', ...args);
    const [, , sent = '', quoted = ''] = stdout.split('\n');
    // version 6, class 0xb8, label 0x03039; 20 octets behind the header, UDP, hop limit 2
    assert.match(sent, /^6b80303900141102/);
    // the second router quotes it with hop limit 1
    assert.match(quoted, /^_{14}01_+$/);
  });

  it('sees ECN pass, and a router clear it', async () => {
    const passed = await trace('traceroute', '-E', target);
    assert.deepEqual(
      passed,
      [...way(ROUTERS), `4 ${target}`].map((line) => `${line} (ecn=passed)`),
    );
    routers.nft('r2', forwarding('ip6 ecn set not-ect'));
    const bleached = await trace('traceroute', '-E', target);
    assert.deepEqual(bleached.slice(2), [`3 fd00:3::1 (ecn=bleached)`, `4 ${target} (ecn=bleached)`]);
  });
});

describe('a name with addresses of both families', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  before(() => {
    routers = openRouters(1);
    const addresses = Object.values(routers.destination);
    configure(
      routers.namespaceOf('src'),
      'hosts',
      addresses.map((each) => `${each} both.example\n`).join(''),
    );
  });
  after(() => {
    routers.close();
  });

  async function target(...args: string[]): Promise<string> {
    const script = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
    const { stdout } = await routers.exec('src', process.execPath, [script, '-nq1', ...args, 'both.example']);
    return /^ 2 {2}(\S+)/m.exec(stdout)?.[1] ?? stdout;
  }

  it('is traced over the family that a connection would take, or the one asked for', async () => {
    // RFC 6724 section 2.1: unique local addresses come after IPv4
    assert.equal(await target(), routers.destination[4]);
    assert.equal(await target('-6'), routers.destination[6]);
    assert.equal(await target('-s', routers.source[6]), routers.destination[6]);
  });

  it('is traced over the only family that has a route', async () => {
    await routers.exec('src', 'ip', ['-4', 'route', 'delete', 'default']);
    assert.equal(await target(), routers.destination[6]);
    await routers.exec('src', 'ip', ['route', 'add', 'default', 'via', '10.1.0.1']);
    await routers.exec('src', 'sysctl', ['-qw', 'net.ipv6.conf.all.disable_ipv6=1']);
    assert.equal(await target(), routers.destination[4]);
  });
});
