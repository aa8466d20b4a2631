/** Covers the commands without any right: as nobody, over the recorded paths and over kernel routers. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Family } from '../../src/model/address.ts';
import type { PathFormat } from '../sim/path-format.ts';
import type { RecordedProbe } from '../sim/record-probe.ts';
import { normalise } from '../sim/normalise.ts';
import { compareProbes } from '../sim/compare-run.ts';
import { recordedCases, type RecordedCase } from '../sim/recorded.ts';
import { twin6 } from '../sim/twin6.ts';
import { mustRun } from './command.ts';
import { labMissing, openLab, type Lab } from './lab.ts';
import { Pool } from './pool.ts';
import { openRouters, type Routers } from './routers.ts';

const NOBODY = '65534';
const AS_NOBODY = ['--reuid', NOBODY, '--regid', NOBODY, '--clear-groups', '--inh-caps=-all'];
const TCP = 6;
const OPEN_PORT = 8080;
/** TCP control bits. Besides the probes, the kernel sends what ends the connections that were accepted. */
const SYN = 2;
const ACK = 16;

/** One case of each probe, each answer and each option that the sockets without rights serve in their own way. */
const SERVED =
  /^(bsd-(code-\d\d?|first-max|icmp|iface|length|pmtu-df|port|reply-ttl-1|silent|source|summary|tcp-closed|tos|two-routers|udp|verbose)|tcp-(closed|code-\d\d?|filtered|first-max|names-rfc1918|open|service|silent|source|tos-df|track-port|two-routers))$/;

function isServed({ name, probes }: RecordedCase): boolean {
  return probes.length > 0 && SERVED.test(name);
}

/**
 * Keeps what must agree of a probe. The kernel adds options to its SYNs, which makes them longer. It leaves checksums to the
 * network card, which a virtual link does not have.
 */
function comparable(probe: RecordedProbe): RecordedProbe {
  const { proto, len } = probe;
  return { ...probe, l4sum_ok: true, len: proto === TCP ? 0 : len };
}

/** Allows ping sockets to all groups of a namespace. */
function allowPings(namespace: string): void {
  mustRun('ip', ['netns', 'exec', namespace, 'sysctl', '-qw', 'net.ipv4.ping_group_range=0 2147483647']);
}

function commandOf(dialect: string): string {
  return fileURLToPath(new URL(`../../dist/${dialect}.js`, import.meta.url));
}

async function replay(lab: Lab, recorded: RecordedCase): Promise<void> {
  const { dialect, argv, topo, probes, ...expected } = recorded;
  await lab.take(topo);
  // an exact wait, so that a busy machine turns no hop into a star
  const wait = argv.some((word) => word.startsWith('-w')) ? [] : ['-w', '5'];
  const command = [process.execPath, commandOf(dialect), ...wait, ...argv];
  const result = await lab.run('setpriv', [...AS_NOBODY, ...command]);
  const printed = { stdout: normalise(result.stdout), stderr: normalise(result.stderr), rc: result.status };
  const sent = result.probes.filter(({ flags }) => flags === null || flags === SYN);
  const wrong = compareProbes(probes.map(comparable), sent.map(comparable));
  assert.deepEqual({ name: recorded.name, ...printed, wrong }, { ...expected, wrong: [] });
}

/** So many cases run at once: most of their time is waiting. */
const LABS = 3;

describe('recorded cases without any right', { skip: labMissing() ?? false, concurrency: LABS }, () => {
  const labs = new Pool(async () => {
    const lab = await openLab();
    allowPings(lab.tracer);
    return lab;
  });
  before(() => labs.open(LABS));
  after(() => {
    labs.close();
  });
  for (const recorded of [...recordedCases(), ...recordedCases().flatMap((each) => twin6(each) ?? [])]) {
    if (!isServed(recorded)) continue;
    it(recorded.name, () => labs.with((lab) => replay(lab, recorded)));
  }
});

/** Makes the arguments of setpriv(1) that start the command as nobody. */
function asNobody(dialect: string, ...args: readonly string[]): string[] {
  return [...AS_NOBODY, process.execPath, commandOf(dialect), ...args];
}

describe('a trace without any right', { skip: labMissing() ?? false }, () => {
  const ROUTER = '10.1.0.1';
  const PATH: PathFormat = {
    src: '10.0.0.1',
    src6: 'fd00::1',
    hops: [{ addr: ROUTER, addr6: 'fd01::1', mpls: [[16002, 1, 1, 7]] }],
    dst: { addr: '10.99.0.1', addr6: 'fd99::1' },
  };
  const ALL = [[], ['-I'], ['-P', 'tcp'], ['-P', 'udplite']] as const;
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  beforeEach(async () => {
    await lab.take(PATH);
    allowPings(lab.tracer);
  });
  after(() => {
    lab.close();
  });
  const run = (...args: string[]) => lab.run('setpriv', asNobody('traceroute', '-n', '-q1', '-m2', ...args));

  for (const args of ALL) {
    const name = args.join(' ') || 'UDP';
    for (const target of [PATH.dst.addr, PATH.dst.addr6 ?? '']) {
      it(`shows the label stack of ${name} to ${target}`, async () => {
        const { stdout } = await run(...args, '--json', target);
        assert.match(stdout, /"transport": "unprivileged"/);
        assert.match(
          stdout.replace(/\s+/g, ''),
          /"mpls":\[{"label":16002,"trafficClass":1,"bottomOfStack":true,"ttl":7}\]/,
        );
      });
    }

    it(`sends the flow label of ${name}`, async () => {
      const { probes } = await run(...args, '--flow-label', '703710', PATH.dst.addr6 ?? '');
      assert.ok(probes.length > 1);
      assert.deepEqual([...new Set(probes.map(({ flow }) => flow))], [703710]);
    });
  }

  for (const [dialect, option, ...args] of [
    ['traceroute', '-P gre', '-P', 'gre'],
    ['traceroute', '-P sctp', '-P', 'sctp'],
    ['traceroute', '-P 99', '-P', '99'],
    ['traceroute', '-g', '-g', ROUTER],
    ['traceroute', '-D', '-D'],
    ['traceroute', '-E', '-E'],
    ['traceroute', '-t with an ECN field', '-t', '3'],
    ['traceroute', '-d', '-d'],
    ['tcptraceroute', '-A', '-A'],
    ['tcptraceroute', '-E', '-E'],
    ['tcptraceroute', 'a packet length', '-l', '100'],
    ['tcptraceroute', '-p', '-p', '4321'],
    ['tcptraceroute', '--dnat', '--dnat'],
  ] as const) {
    it(`refuses ${args.join(' ')} of ${dialect} in one line, and sends nothing`, async () => {
      const words = asNobody(dialect, ...args, PATH.dst.addr);
      const { stdout, stderr, status, probes } = await lab.run('setpriv', words);
      assert.deepEqual([stdout, status, probes], ['', 1, []]);
      const prefix = dialect === 'traceroute' ? 'traceroute: ' : '';
      const help = '(run as root, or give it the right as in traceroute(8), RIGHTS)';
      assert.equal(stderr, `${prefix}${option}: cannot open a raw socket: EPERM ${help}\n`);
    });
  }

  for (const [target, length] of [
    [PATH.dst.addr, 28],
    [PATH.dst.addr6 ?? '', 48],
  ] as const) {
    it(`sends each probe without data to ${target} once, however it is rehearsed`, async () => {
      const { probes } = await run('--parallel', '1', target, String(length));
      assert.deepEqual(
        probes.map(({ ttl, len }) => [ttl, len]),
        [
          [1, length],
          [2, length],
        ],
      );
    });
  }

  it('refuses ICMP echo where the group may not ping', async () => {
    mustRun('ip', ['netns', 'exec', lab.tracer, 'sysctl', '-qw', 'net.ipv4.ping_group_range=1 0']);
    const { stderr, status, probes } = await run('-I', PATH.dst.addr);
    assert.deepEqual([status, probes], [1, []]);
    assert.match(stderr, /^traceroute: .*: EACCES \(run as root, or .*\)\n$/);
  });
});

describe('late answers to TCP without any right', { skip: labMissing() ?? false, concurrency: LABS }, () => {
  const SLOW_MS = 1500; // the kernel's next SYN comes after 1 s
  const SLOWER_MS = 3200; // and another 2 s later
  const PATH: PathFormat = {
    src: '10.0.0.1',
    src6: 'fd00::1',
    gateway: '10.0.0.254', // the kernel's own SYNs are led away from targets beyond a router alone
    hops: [
      { addr: '10.1.0.1', addr6: 'fd01::1', delay: SLOW_MS },
      { addr: '10.2.0.1', addr6: 'fd02::1', silent: true },
    ],
    dst: { addr: '10.99.0.1', addr6: 'fd99::1', delay: SLOWER_MS, tcp: { 80: 'open', 81: 'closed' } },
  };
  const labs = new Pool(openLab);
  before(() => labs.open(LABS));
  after(() => {
    labs.close();
  });
  /** Runs traceroute as nobody in a lab, where `prepare` has changed what it wants. */
  const run = (args: readonly string[], prepare: (lab: Lab) => void = () => undefined) =>
    labs.with(async (lab) => {
      await lab.take(PATH);
      prepare(lab);
      return lab.run('setpriv', asNobody('traceroute', '-n', '-q1', '-w4', '-P', 'tcp', '-e', ...args));
    });

  for (const target of [PATH.dst.addr, PATH.dst.addr6 ?? '']) {
    for (const [port, state] of [
      ['80', 'open'],
      ['81', 'closed'],
    ] as const) {
      it(`hears ${target} say that port ${port} is ${state}, with the right times and each SYN sent once`, async () => {
        const { stdout, probes } = await run(['-p', port, target]);
        const [, first = '0', last = '0'] =
          new RegExp(`^ 1  \\S+  (\\S+) ms\\n 2  \\*\\n 3  ${target} \\[${state}\\]  (\\S+) ms\\n$`).exec(
            stdout,
          ) ?? assert.fail(stdout);
        assert.ok(Number(first) >= SLOW_MS && Number(first) < SLOWER_MS);
        assert.ok(Number(last) >= SLOWER_MS);
        const ttls = probes.filter(({ flags }) => flags === SYN).map(({ ttl }) => ttl);
        assert.deepEqual(ttls, [...new Set(ttls)]);
        // no handshake is completed, so the service never learns of it
        assert.deepEqual(
          probes.filter(({ flags }) => flags === ACK),
          [],
        );
      });
    }
  }

  it('waits as long as -w says, though the kernel would give up before', async () => {
    const { stdout } = await run(['-f3', '-p', '80', PATH.dst.addr], ({ tracer }) =>
      mustRun('ip', ['netns', 'exec', tracer, 'sysctl', '-qw', 'net.ipv4.tcp_syn_retries=1']),
    );
    assert.match(stdout, /\[open\]/);
  });
});

describe('--matrix without any right', { skip: labMissing() ?? false }, () => {
  const RIGHT = 'run as root, or give it the right as in traceroute(8), RIGHTS';
  let routers: Routers;
  before(async () => {
    routers = openRouters(3);
    await routers.listen(443);
  });
  after(() => {
    routers.close();
  });
  const matrix = async (probes: string, family: Family, ...args: readonly string[]) => {
    const words = asNobody(
      'traceroute',
      '-n',
      '-m9',
      '--matrix',
      probes,
      ...args,
      routers.destination[family],
    );
    return await routers.exec('src', 'setpriv', words);
  };
  const verdictsOf = async (probes: string, family: Family): Promise<string[]> => {
    const { stdout, stderr, status } = await matrix(probes, family, '--json');
    assert.deepEqual([stderr, status], ['', 3]);
    const { verdicts } = (
      JSON.parse(stdout) as { matrix: { verdicts: { state: string; text: string }[] } }
    ) // what --json prints
    .matrix;
    return verdicts.map(({ state, text }) => (state === 'blocked here' ? `${state}: ${text}` : state));
  };
  const blocked = (what: string): string =>
    `blocked here: at hop 0, for want of a right: ${what}: cannot open a raw socket: EPERM (${RIGHT})`;

  for (const family of [4, 6] as const) {
    it(`carries out the columns over IPv${family} that can be had, and says what the others take`, async () => {
      allowPings(routers.namespaceOf('src'));
      assert.deepEqual(await verdictsOf('default', family), [
        'reached',
        'closed',
        'closed',
        'open',
        blocked('TCP control bits besides SYN'),
        blocked('IP protocol 47'),
      ]);
    });

    it(`leaves ICMP out over IPv${family} where the group may not ping`, async () => {
      mustRun('ip', [
        'netns',
        'exec',
        routers.namespaceOf('src'),
        'sysctl',
        '-qw',
        'net.ipv4.ping_group_range=1 0',
      ]);
      const [icmp = '', ...others] = await verdictsOf('icmp,udp,tcp/443', family).finally(() => {
        allowPings(routers.namespaceOf('src'));
      });
      assert.match(icmp, /^blocked here: .*: EACCES \(run as root, .* net\.ipv4\.ping_group_range\)$/);
      assert.deepEqual(others, ['closed', 'open']);
    });
  }

  it('shows columns that take a right in the table, and explains them without a rule', async () => {
    allowPings(routers.namespaceOf('src'));
    const { stdout, status } = await matrix('icmp,gre', 4, '--explain');
    assert.equal(status, 3);
    assert.match(stdout, /^ {2}1 {2}10\.1\.0\.1 +\S+ +\.$/m);
    assert.match(stdout, /^gre +blocked here +at hop 0, for want of a right: IP protocol 47: /m);
    assert.match(stdout, /^ {4}\S+: IP protocol 47 from \S+ to \S+ is not sent, for want of a raw\n/m);
    assert.doesNotMatch(stdout, /nftables:/);
  });

  for (const [probes, option] of [
    ['gre,tcp/443:ack', '-P gre'],
    ['tcp/443:ack,gre', '-A'],
  ] as const) {
    it(`refuses ${probes}, where no column can be had`, async () => {
      const { stdout, stderr, status } = await matrix(probes, 4);
      assert.deepEqual([stdout, status], ['', 1]);
      assert.equal(stderr, `traceroute: ${option}: cannot open a raw socket: EPERM (${RIGHT})\n`);
    });
  }
});

/** Cuts the times out of lines: the hop, its address and what is said of it remain. */
function linesOf(stdout: string): string[] {
  return normalise(stdout)
    .split('\n')
    .map((line) =>
      line
        .replace(/ <rtt> ms/g, '')
        .replace(/ +/g, ' ')
        .trim(),
    );
}

describe('without any right over kernel routers', { skip: labMissing() ?? false }, () => {
  const HOPS = 6;
  let routers: Routers;
  before(async () => {
    routers = openRouters(HOPS - 1);
    allowPings(routers.namespaceOf('src'));
    await routers.listen(OPEN_PORT);
  });
  after(() => {
    routers.close();
  });
  const hopOf = (family: Family, hop: number): string => (family === 4 ? `10.${hop}.0.1` : `fd00:${hop}::1`);
  const trace = async (family: Family, ...args: readonly string[]): Promise<string[]> => {
    const words = asNobody('traceroute', '-n', '-w5', ...args, routers.destination[family]);
    const { stdout, stderr, status } = await routers.exec('src', 'setpriv', words);
    assert.equal(status, 0, stderr);
    return linesOf(stdout);
  };

  for (const family of [4, 6] as const) {
    for (const [args, remark] of [
      [['-P', 'udp'], ''],
      [['-P', 'udp', '-e'], ''],
      [['-I'], ''],
      [['-P', 'tcp'], ' [closed]'],
      [['-P', 'tcp', '-e', '-p', String(OPEN_PORT)], ' [open]'],
    ] as const) {
      it(`loses none of 90 probes in flight with ${args.join(' ')} over IPv${family}`, async () => {
        const lines = await trace(family, '-m30', '--parallel', '90', ...args);
        const way = Array.from({ length: HOPS }, (_, index) => `${index + 1} ${hopOf(family, index + 1)}`);
        assert.deepEqual(lines, [...way.slice(0, -1), `${way.at(-1) ?? ''}${remark}`]);
      });
    }

    for (const [reject, letters] of [
      [{ 4: 'host-unreachable', 6: 'addr-unreachable' }, '!H'],
      [{ 4: 'admin-prohibited', 6: 'admin-prohibited' }, '!X'],
    ] as const) {
      it(`shows ${letters} of a router's ${reject[family]} over IPv${family}`, async () => {
        const icmp = family === 4 ? 'icmp' : 'icmpv6';
        routers.nft(
          'r3',
          `table inet f { chain forward {
            type filter hook forward priority 0; meta l4proto { udp, tcp } reject with ${icmp} type ${reject[family]}; }; }`,
        );
        for (const probe of ['udp', 'tcp']) {
          const lines = await trace(family, '-q1', '-P', probe);
          assert.equal(lines.at(-1), `4 ${hopOf(family, 3)} ${letters}`);
        }
        routers.nft('r3', 'flush ruleset');
      });
    }
  }
});
