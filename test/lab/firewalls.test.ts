/** Covers both commands over IPv4 kernel routers with nftables: what they show of each kind of filter. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { normalise } from '../sim/normalise.ts';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';

const OPEN_PORT = 8080;
const CLOSED_PORT = 8081;
const ECN_PORT = 8082;

/** The ICMP errors that nftables can reject with, and the letters of `traceroute` and `tcptraceroute` for them. */
const REJECTS: readonly (readonly [reject: string, bsd: string, tcp: string])[] = [
  ['icmp type net-unreachable', ' !N', ' !N'],
  ['icmp type host-unreachable', ' !H', ' !H'],
  ['icmp type prot-unreachable', ' !P', ' !P'],
  ['icmp type port-unreachable', ' !p', ' !p'],
  ['icmp type net-prohibited', ' !A', ' !A'],
  ['icmp type host-prohibited', ' !Z', ' !C'],
  ['icmp type admin-prohibited', ' !X', ' !A'],
];

/** Makes a table with one rule for what a router forwards. */
function forwarding(rule: string): string {
  return `table inet filter {
    chain forward { type filter hook forward priority 0; policy accept; ${rule}; }
  }`;
}

describe('firewalls on kernel routers', { skip: labMissing() ?? false }, () => {
  let routers: Routers;
  let target = '';
  before(async () => {
    routers = openRouters();
    target = routers.destination[4];
    await routers.listen(OPEN_PORT);
    await routers.listen(ECN_PORT);
    await routers.exec('dst', 'sysctl', ['-qw', 'net.ipv4.tcp_ecn=1']);
  });
  afterEach(() => {
    for (const node of ['r2', 'r3', 'dst']) routers.nft(node, 'flush ruleset');
  });
  after(() => {
    routers.close();
  });

  /** Runs a command. Answers its lines as `hop address rest`, without RTTs. */
  async function trace(command: string, ...args: string[]): Promise<string[]> {
    const script = fileURLToPath(new URL(`../../dist/${command}.js`, import.meta.url));
    const { stdout } = await routers.exec('src', process.execPath, [script, '-n', '-q1', ...args]);
    return normalise(stdout)
      .split('\n')
      .map((line) => line.replace(/ +/g, ' ').replace(' <rtt> ms', '').trim());
  }

  const way = (length: number): string[] =>
    Array.from({ length }, (_, index) => `${index + 1} 10.${index + 1}.0.1`);

  for (const args of [
    ['-P', 'udp'],
    ['-I'],
    ['-P', 'udplite'],
    ['-P', 'gre'],
    ['-P', '89'],
    ['-P', 'sctp'],
  ]) {
    it(`sees every router with ${args.join(' ')}`, async () => {
      const lines = await trace('traceroute', ...args, target);
      assert.deepEqual(lines.slice(0, 5), way(5));
      const unknownProtocol = ['gre', '89', 'sctp', 'udplite'].includes(args[1] ?? '');
      assert.match(lines[5] ?? '', unknownProtocol ? /^6 10\.6\.0\.1( !P)?$/ : /^6 10\.6\.0\.1$/);
      assert.equal(lines.length, 6);
    });
  }

  for (const [reject, bsd, tcp] of REJECTS) {
    it(`shows a reject with ${reject}`, async () => {
      routers.nft('r3', forwarding(`meta l4proto { tcp, udp } reject with ${reject}`));
      // r3 answers the probe whose TTL ends there, and rejects the one that has TTL left for r4
      assert.deepEqual(await trace('traceroute', target), [...way(3), `4 10.3.0.1${bsd}`]);
      assert.deepEqual(await trace('tcptraceroute', target), [...way(3), `4 10.3.0.1${tcp}`]);
    });
  }

  it('shows stars behind a filter that drops, and other protocols pass', async () => {
    routers.nft('r3', forwarding('meta l4proto udp drop'));
    const lines = await trace('traceroute', '-w1', '-m5', target);
    assert.deepEqual(lines, [...way(3), '4 *', '5 *']);
    assert.equal((await trace('traceroute', '-I', target)).length, 6);
  });

  it('takes a reset for a closed port', async () => {
    routers.nft('r3', forwarding('meta l4proto tcp reject with tcp reset'));
    assert.deepEqual(await trace('tcptraceroute', target), [...way(3), `4 ${target} [closed]`]);
  });

  it('tells open, closed and filtered ports apart', async () => {
    routers.nft(
      'dst',
      'table inet f { chain input { type filter hook input priority 0; tcp dport 81 drop; }; }',
    );
    assert.equal((await trace('tcptraceroute', target, String(OPEN_PORT))).at(-1), `6 ${target} [open]`);
    assert.equal((await trace('tcptraceroute', target, String(CLOSED_PORT))).at(-1), `6 ${target} [closed]`);
    assert.equal((await trace('tcptraceroute', '-w1', '-m7', target, '81')).at(-1), '7 *');
    const bsd = await trace('traceroute', '-P', 'tcp', '-e', '-p', String(OPEN_PORT), target);
    assert.equal(bsd.at(-1), `6 ${target} [open]`);
  });

  it('gets ACK through a stateless filter that drops SYN, and SYN through one that drops ACK', async () => {
    routers.nft('r3', forwarding('tcp flags & (syn | ack) == syn drop'));
    const syn = ['-w1', '-m6', target, String(OPEN_PORT)];
    assert.equal((await trace('tcptraceroute', ...syn)).at(-1), '6 *');
    assert.equal((await trace('tcptraceroute', '-A', ...syn)).at(-1), `6 ${target} [closed]`);
    routers.nft('r3', 'flush ruleset');
    routers.nft('r3', forwarding('tcp flags & (syn | ack) == ack drop'));
    assert.equal((await trace('tcptraceroute', '-A', ...syn)).at(-1), '6 *');
    assert.equal((await trace('tcptraceroute', ...syn)).at(-1), `6 ${target} [open]`);
  });

  it('sees a target accept ECN, and refuse it', async () => {
    const args = ['-E', target, String(ECN_PORT)];
    assert.equal((await trace('tcptraceroute', ...args)).at(-1), `6 ${target} [open, ecn]`);
    await routers.exec('dst', 'sysctl', ['-qw', 'net.ipv4.tcp_ecn=0']);
    assert.equal((await trace('tcptraceroute', ...args)).at(-1), `6 ${target} [open]`);
  });

  it('reaches a port that a middle router translates to another', async () => {
    routers.nft(
      'r2',
      `table ip nat { chain prerouting {
      type nat hook prerouting priority -100; tcp dport 443 dnat to ${target}:${OPEN_PORT}; }; }`,
    );
    assert.equal((await trace('tcptraceroute', target, '443')).at(-1), `6 ${target} [open]`);
  });

  it('asks a source route of the first gateway', async () => {
    const lines = await trace('traceroute', '-I', '-g', '10.3.0.1', target);
    assert.equal(lines.at(-1), `6 ${target}`);
  });
});
