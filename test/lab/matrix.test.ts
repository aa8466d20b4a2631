/** Covers --matrix over kernel routers with nftables: each verdict, and all that must not pass for a filter. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mustRun } from './command.ts';
import { labMissing } from './lab.ts';
import { openRouters, type Routers } from './routers.ts';

const SCRIPT = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
const skip = labMissing() ?? false;
const OPEN_PORT = 443;

interface Hop {
  readonly ttl: number;
  readonly address: string | null;
}

interface Matrix {
  readonly verdicts: readonly {
    readonly probe: string;
    readonly state: string;
    readonly after: Hop | null;
    readonly before: Hop | null;
    readonly by: Hop | null;
    readonly annotation: string | null;
    readonly confidence: string;
  }[];
  readonly pathDiffers: readonly { readonly ttl: number }[];
}

async function matrixOver(routers: Routers, probes: string, family: 4 | 6 = 4): Promise<Matrix> {
  const argv = [SCRIPT, '-n', '-m', '12', '--json', '--matrix', probes, routers.destination[family]];
  const { stdout, stderr } = await routers.exec('src', process.execPath, argv);
  assert.equal(stderr, '');
  return (JSON.parse(stdout) as { matrix: Matrix }).matrix; // what --json prints
}

/** Writes each verdict as `PROBE STATE`, with the hops of its interval or the hop that rejects. */
function brief({ verdicts }: Matrix): string[] {
  return verdicts.map(({ probe, state, after: from, before: to, by, annotation }) => {
    if (state === 'dropped') return `${probe} dropped ${from?.ttl ?? 0}-${to?.ttl ?? 0}`;
    if (state !== 'rejected') return `${probe} ${state}`;
    return `${probe} rejected ${by ? `by ${by.ttl} ${annotation ?? ''}` : `at ${to?.ttl ?? 0}`}`;
  });
}

function forwarding(...rules: readonly string[]): string {
  return chain('forward', ...rules);
}

function chain(hook: string, ...rules: readonly string[]): string {
  return `table inet filter {
    chain ${hook} {
      type filter hook ${hook} priority 0; policy accept
      ${rules.join('\n')}
    }
  }
`;
}

describe('a matrix over kernel routers', { skip }, () => {
  let routers: Routers;
  before(async () => {
    routers = openRouters();
    await routers.listen(OPEN_PORT);
  });
  afterEach(() => {
    for (const node of ['src', 'r1', 'r2', 'r3', 'r4', 'r5', 'dst']) routers.nft(node, 'flush ruleset');
  });
  after(() => {
    routers.close();
  });

  const over = (probes: string, family: 4 | 6 = 4) => matrixOver(routers, probes, family);

  it('sees every probe get through where there is no filter', async () => {
    const matrix = await over('icmp,udp,tcp/443,tcp/80,tcp/443:ack,gre,esp,sctp/5060,udplite/9');
    assert.deepEqual(brief(matrix).slice(0, -1), [
      'icmp reached',
      'udp closed',
      'tcp/443 open',
      'tcp/80 closed',
      'tcp/443:ack reached',
      'gre reached',
      'esp reached',
      'sctp/5060 reached',
    ]);
    // a kernel without UDP-Lite refuses the protocol
    assert.match(brief(matrix).at(-1) ?? '', /^udplite\/9 (closed|reached)$/);
    assert.deepEqual(matrix.pathDiffers, []);
  });

  it('sees over IPv6 what gets through, what is dropped and what is rejected', async () => {
    routers.nft(
      'r2',
      forwarding('meta l4proto gre drop', 'tcp dport 22 reject with icmpv6 type admin-prohibited'),
    );
    assert.deepEqual(brief(await over('icmp,udp,tcp/443,gre,tcp/22', 6)), [
      'icmp reached',
      'udp closed',
      'tcp/443 open',
      'gre dropped 2-3',
      'tcp/22 rejected by 2 !X',
    ]);
  });

  it('has each column answered beside one whose identifier is longer, over IPv6', async () => {
    routers.nft('r1', forwarding('udp dport 123 drop'));
    assert.deepEqual(brief(await over('icmp,udp/123,udp', 6)), [
      'icmp reached',
      'udp/123 dropped 1-2',
      'udp closed',
    ]);
  });

  for (const [type, letters] of [
    ['net-unreachable', '!N'],
    ['host-unreachable', '!H'],
    ['prot-unreachable', '!P'],
    ['port-unreachable', '!p'],
    ['net-prohibited', '!A'],
    ['host-prohibited', '!Z'],
    ['admin-prohibited', '!X'],
  ] as const) {
    it(`tells which router rejects with ${type}`, async () => {
      routers.nft('r3', forwarding(`meta l4proto { tcp, udp, gre } reject with icmp type ${type}`));
      const matrix = await over('icmp,udp,tcp/443,gre');
      const rejected = ['udp', 'tcp/443', 'gre'].map((probe) => `${probe} rejected by 3 ${letters}`);
      assert.deepEqual(brief(matrix), ['icmp reached', ...rejected]);
    });
  }

  for (const family of [4, 6] as const) {
    it(`tells which router rejects protocols that its kernel does not know, over IPv${family}`, async () => {
      routers.nft('r2', forwarding('meta l4proto { 89, 253 } reject with icmpx type admin-prohibited'));
      const rejected = ['89', '253'].map((probe) => `${probe} rejected by 2 !X`);
      assert.deepEqual(brief(await over('icmp,89,253', family)), ['icmp reached', ...rejected]);
    });
  }

  it('tells that the target itself rejects', async () => {
    routers.nft('dst', chain('input', 'tcp dport 22 reject with icmp type admin-prohibited'));
    assert.deepEqual(brief(await over('icmp,tcp/22')), ['icmp reached', 'tcp/22 rejected by 6 !X']);
  });

  it("does not take a RST from a router for the target's", async () => {
    routers.nft('r2', forwarding('tcp dport 22 reject with tcp reset'));
    const { verdicts } = await over('icmp,tcp/443,tcp/22');
    const { state, after: from, before: to, confidence } = verdicts[2] ?? assert.fail();
    assert.deepEqual([state, from?.ttl, to?.ttl, confidence], ['rejected', 2, 3, 'high']);
  });

  it('finds drops of several protocols at several hops in one run', async () => {
    routers.nft('r1', forwarding('meta l4proto gre drop'));
    routers.nft('r2', forwarding('tcp dport 22 drop'));
    routers.nft('r3', forwarding('udp dport 53 drop'));
    routers.nft('r4', forwarding('meta l4proto esp drop'));
    routers.nft('dst', chain('input', 'tcp dport 25 drop'));
    const matrix = await over('icmp,gre,tcp/22,udp/53,esp,tcp/25,tcp/443');
    assert.deepEqual(brief(matrix), [
      'icmp reached',
      'gre dropped 1-2',
      'tcp/22 dropped 2-3',
      'udp/53 dropped 3-4',
      'esp dropped 4-5',
      'tcp/25 silent',
      'tcp/443 open',
    ]);
    const guesses = matrix.verdicts.filter(({ confidence }) => confidence === 'low');
    // no other probe of their protocols shows that routers answer these
    assert.deepEqual(
      guesses.map(({ probe }) => probe),
      ['gre', 'udp/53', 'esp'],
    );
  });

  it('puts the interval of a drop around a silent router', async () => {
    routers.nft('r3', `${forwarding('tcp dport 22 drop')}${chain('output', 'icmp type time-exceeded drop')}`);
    const { verdicts } = await over('icmp,tcp/22,tcp/443');
    const { state, after: from, before: to } = verdicts[1] ?? assert.fail();
    assert.deepEqual([state, from?.ttl, to?.ttl], ['dropped', 2, 4]);
  });

  it('takes no router that limits its rate for a filter', async () => {
    const limit = ['net.ipv4.icmp_ratemask=6168', 'net.ipv4.icmp_ratelimit=1000'];
    const lift = ['net.ipv4.icmp_ratemask=0', 'net.ipv4.icmp_ratelimit=0'];
    const all = async (settings: readonly string[]) => {
      for (const node of ['r1', 'r2', 'r3', 'r4', 'r5'])
        await routers.exec(node, 'sysctl', ['-qw', ...settings]);
    };
    routers.nft('r3', forwarding('meta l4proto gre drop'));
    routers.nft('dst', chain('input', 'tcp dport 25 drop'));
    await all(limit);
    const matrix = await over('icmp,tcp/443,tcp/80,tcp/81,tcp/82,tcp/83,udp,esp,tcp/25,gre');
    await all(lift);
    assert.deepEqual(brief(matrix).slice(-2), ['tcp/25 silent', 'gre dropped 3-4']);
    assert.ok(
      brief(matrix)
        .slice(0, -2)
        .every((verdict) => !/dropped|silent|rejected/.test(verdict)),
    );
  });

  it('takes no lost reply for a filter', async () => {
    routers.nft('r1', forwarding('oifname "left" numgen random mod 5 == 0 drop'));
    routers.nft('r3', forwarding('meta l4proto gre drop'));
    routers.nft('dst', chain('input', 'tcp dport 25 drop'));
    const matrix = await over('icmp,tcp/443,tcp/80,udp,tcp/25,gre');
    assert.deepEqual(brief(matrix), [
      'icmp reached',
      'tcp/443 open',
      'tcp/80 closed',
      'udp closed',
      'tcp/25 silent',
      'gre dropped 3-4',
    ]);
  });

  it("says that this machine's own firewall stops a probe", async () => {
    routers.nft('src', chain('output', 'meta l4proto gre drop'));
    assert.deepEqual(brief(await over('icmp,gre')), ['icmp reached', 'gre blocked here']);
  });

  it('explains with rules that nft accepts and that let the probe pass', async () => {
    routers.nft(
      'r3',
      forwarding(
        'meta l4proto gre drop',
        'tcp dport 22 drop',
        'tcp dport 443 tcp flags & (syn | ack) == ack drop',
      ),
    );
    const argv = [
      SCRIPT,
      '-n',
      '--explain',
      '--matrix',
      'icmp,gre,tcp/22,tcp/443:ack',
      routers.destination[4],
    ];
    const { stdout } = await routers.exec('src', process.execPath, argv);
    const rules = [...stdout.matchAll(/^ {4}nftables: (.*)$/gm)].map(([, rule = '']) => rule);
    assert.equal(rules.length, 3 + 2 + 3);
    routers.nft('r3', 'flush ruleset');
    routers.nft(
      'r3',
      forwarding(
        ...rules,
        'meta l4proto gre drop',
        'tcp dport 22 drop',
        'tcp dport 443 tcp flags & (syn | ack) == ack drop',
      ),
    );
    assert.deepEqual(brief(await over('icmp,gre,tcp/22,tcp/443:ack')), [
      'icmp reached',
      'gre reached',
      'tcp/22 closed',
      'tcp/443:ack reached',
    ]);
  });
});

describe('a matrix over paths of unequal length', { skip }, () => {
  let routers: Routers;
  before(async () => {
    routers = openRouters();
    await routers.listen(OPEN_PORT);
    // r2 balances between the way over r3 and a link straight to r4
    const [r2, r4] = [routers.namespaceOf('r2'), routers.namespaceOf('r4')];
    mustRun('ip', [
      'link',
      'add',
      'name',
      'short',
      'netns',
      r2,
      'type',
      'veth',
      'peer',
      'name',
      'short',
      'netns',
      r4,
    ]);
    mustRun('ip', ['-n', r2, '-batch', '-'], 'link set short up\naddress add 10.50.0.2/24 dev short');
    mustRun('ip', ['-n', r4, '-batch', '-'], 'link set short up\naddress add 10.50.0.1/24 dev short');
    await routers.exec('r2', 'sysctl', ['-qw', 'net.ipv4.fib_multipath_hash_policy=1']);
    const balanced = ['default', 'nexthop', 'via', '10.3.0.1', 'nexthop', 'via', '10.50.0.1'];
    mustRun('ip', ['-n', r2, 'route', 'replace', ...balanced]);
  });
  after(() => {
    routers.close();
  });

  it('tells that the paths differ, and reports no filter where there is none', async () => {
    routers.nft('dst', chain('input', 'meta l4proto gre drop', 'tcp dport 9000-9007 drop'));
    const matrix = await matrixOver(routers, 'icmp,gre,esp,udp/9000-9005,tcp/8000-8007,tcp/9000-9007');
    assert.ok(
      matrix.pathDiffers.some(({ ttl }) => ttl === 3),
      'columns go both ways',
    );
    for (const verdict of brief(matrix)) {
      assert.match(
        verdict,
        /^(gre|tcp\/900\d) silent$|^(icmp|esp) reached$|^(udp\/900\d|tcp\/800\d) closed$/,
      );
    }
  });

  it('names the share of the flows that a bad branch loses, and their source ports', async () => {
    routers.nft('r3', forwarding(`tcp dport ${OPEN_PORT} drop`));
    const argv = [
      SCRIPT,
      '-n',
      '-m',
      '12',
      '--matrix',
      'icmp,tcp/443',
      '--flows',
      '16',
      routers.destination[4],
    ];
    const { stdout } = await routers.exec('src', process.execPath, argv);
    const open = /^tcp\/443 +open +in (\d+) of 16 flows: SYN-ACK from the target at hop 5\b/m.exec(stdout);
    const dropped =
      /^tcp\/443 +dropped +in (\d+) of 16 flows between hop 3 \(10\.3\.0\.1\) and hop 4 .*; source ports? \d+/m.exec(
        stdout,
      );
    assert.equal(Number(open?.[1]) + Number(dropped?.[1]), 16, stdout);
    assert.match(stdout, /^icmp +reached +in all 16 flows/m);
  });
});
