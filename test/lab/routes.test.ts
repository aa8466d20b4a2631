/** Probes take the way that the kernel gives to real traffic of their flow. The way is seen on the wire. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { labMissing } from './namespaces.ts';
import { OWN, Uplinks, type Left } from './uplinks.ts';

const DIST = join(import.meta.dirname, '../../dist');
const TARGET = { 4: '10.99.0.1', 6: 'fd99::1' } as const;
type Family = keyof typeof TARGET;
const skip = labMissing() ?? false;
const BOTH: readonly Family[] = [4, 6];

/** A network that needs more than a default route: what is set up, and the options for which the way is another. */
interface Topology {
  readonly name: string;
  /** Both unless given. */
  readonly families?: readonly Family[];
  readonly setUp: (family: Family) => readonly string[];
  readonly sysctl?: readonly string[];
  /** Options of all commands. */
  readonly options?: (family: Family) => readonly string[];
  /** The same in the words of `ip route get`. */
  readonly asked?: (family: Family) => readonly string[];
}

const OTHER = { 4: '10.4.0.1', 6: 'fd04::1' } as const;
const THIRD = { 4: '10.1.0.3', 6: 'fd01::3' } as const;
const FIRST = { 4: '10.1.0.1', 6: 'fd01::1' } as const;

const rule = (family: Family, selector: string): string => `-${family} rule add ${selector} lookup 100`;
const other = (family: Family): string => `-${family} route add default via ${OTHER[family]} table 100`;

const TOPOLOGIES: readonly Topology[] = [
  { name: 'no rules', setUp: () => [] },
  {
    name: 'a rule by source',
    setUp: (family) => [other(family), rule(family, `from ${OWN[family].e1}`)],
    options: (family) => ['-s', OWN[family].e1],
    asked: (family) => ['from', OWN[family].e1],
  },
  {
    name: 'a rule by destination port of TCP',
    setUp: (family) => [other(family), rule(family, 'ipproto tcp dport 443')],
  },
  {
    name: 'a rule by destination ports of UDP',
    setUp: (family) => [other(family), rule(family, 'ipproto udp dport 33436-33500')],
  },
  {
    name: 'a rule by protocol alone',
    setUp: (family) => [other(family), rule(family, 'ipproto udp')],
  },
  {
    name: 'a rule for ICMP',
    setUp: (family) => [other(family), rule(family, `ipproto ${family === 4 ? 'icmp' : 'ipv6-icmp'}`)],
  },
  {
    name: 'a rule to another gateway on the same link',
    setUp: (family) => [
      `-${family} route add default via ${THIRD[family]} table 100`,
      rule(family, 'ipproto tcp dport 443'),
    ],
  },
  {
    name: 'a rule by TOS',
    setUp: (family) => [other(family), rule(family, 'tos 0x10')],
    options: () => ['-t', '16'],
    asked: () => ['tos', '0x10'],
  },
  {
    name: 'a rule by mark',
    setUp: (family) => [other(family), rule(family, 'fwmark 7')],
    options: () => ['--mark', '7'],
    asked: () => ['mark', '7'],
  },
  {
    name: 'a rule for the user who called, root',
    setUp: (family) => [other(family), rule(family, 'uidrange 0-0')],
  },
  {
    name: 'a rule for the user whom root becomes',
    setUp: (family) => [other(family), rule(family, 'uidrange 65534-65534')],
  },
  {
    name: 'a rule by the source that the interface gives',
    families: [4], // a socket of IPv6 that has no source yet gets no route here
    setUp: (family) => [other(family), rule(family, `from ${OWN[family].e1}`)],
    options: () => ['-i', 'e1'],
    asked: (family) => ['from', OWN[family].e1, 'oif', 'e1'],
  },
  {
    name: 'two default routes by metric',
    setUp: (family) => [`-${family} route add default via ${OTHER[family]} metric 2000`],
    options: () => ['-i', 'e1'],
    asked: () => ['oif', 'e1'],
  },
  {
    name: 'several next hops, hashed by ports',
    sysctl: ['net.ipv4.fib_multipath_hash_policy=1', 'net.ipv6.fib_multipath_hash_policy=1'],
    setUp: (family) => [
      `-${family} route replace default nexthop via ${FIRST[family]} dev e0 nexthop via ${THIRD[family]} dev e0 nexthop via ${OTHER[family]} dev e1`,
    ],
    options: (family) => ['-s', family === 4 ? '10.77.0.1' : 'fd77::1'],
    asked: (family) => ['from', family === 4 ? '10.77.0.1' : 'fd77::1'],
  },
];

/** Commands that together send each kind of probe, and to ports with a rule and without. */
const COMMANDS: readonly (readonly [program: string, options: readonly string[], port?: string])[] = [
  ['traceroute', ['-n', '-q', '2', '-m', '4', '-w', '1']],
  ['traceroute', ['-n', '-q', '2', '-m', '4', '-w', '1', '-I']],
  ['tcptraceroute', ['-n', '-q', '2', '-m', '4', '-w', '1', '--track-port'], '443'],
  ['tcptraceroute', ['-n', '-q', '2', '-m', '4', '-w', '1'], '80'],
];

/** A flow that has left, in words of `ip route get`. */
function inWords({ protocol, sourcePort, destinationPort }: Left): string[] {
  const hasPorts = protocol === 'tcp' || protocol === 'udp';
  const ports = hasPorts ? ['sport', String(sourcePort), 'dport', String(destinationPort)] : [];
  return ['ipproto', protocol, ...ports];
}

for (const {
  name,
  families = BOTH,
  setUp,
  sysctl = [],
  options = () => [],
  asked = () => [],
} of TOPOLOGIES) {
  describe(`probes of a machine with ${name}`, { skip }, () => {
    let uplinks: Uplinks;
    before(() => {
      uplinks = new Uplinks();
      uplinks.sysctl(...sysctl);
      for (const family of families) uplinks.ip(...setUp(family));
    });
    after(() => {
      uplinks.close();
    });

    for (const family of families) {
      it(`take the way that the kernel names for their flow over IPv${family}`, async () => {
        const target = TARGET[family];
        const runs = COMMANDS.map(async ([program, fixed, port]) => {
          const argv = [join(DIST, `${program}.js`), ...fixed, ...options(family), target];
          return uplinks.exec(process.execPath, port === undefined ? argv : [...argv, port]);
        });
        const said = (await Promise.all(runs)).map(({ stdout, stderr }) => stdout + stderr).join('');
        assert.doesNotMatch(said, /Warning/);
        const left = uplinks.left();
        const protocols = new Set(left.map(({ protocol }) => protocol));
        assert.deepEqual(
          [...protocols].sort(),
          [family === 4 ? 'icmp' : 'ipv6-icmp', 'tcp', 'udp'].sort(),
          said,
        );
        for (const flow of left) {
          const { device, mac } = flow;
          const way = uplinks.routeOf(target, [...asked(family), ...inWords(flow)]);
          assert.deepEqual({ device, mac }, way, JSON.stringify(flow));
        }
      });
    }
  });
}

/** Runs a program as somebody without any right. */
const AS_NOBODY = ['--reuid', '65534', '--clear-groups', '--inh-caps=-all', '--bounding-set=-all'];

describe('probes by a point-to-point link without an address', { skip }, () => {
  let uplinks: Uplinks;
  before(() => {
    uplinks = new Uplinks();
    for (const family of [4, 6] as const) {
      uplinks.ip(
        `-${family} route add default dev e2 table 100`,
        `-${family} route add default dev e2 metric 2000`,
        rule(family, 'ipproto tcp dport 443'),
      );
    }
  });
  after(() => {
    uplinks.close();
  });

  for (const family of [4, 6] as const) {
    for (const argv of [
      `traceroute -i e2 ${TARGET[family]}`,
      `traceroute -I -i e2 ${TARGET[family]}`,
      `tcptraceroute -i e2 ${TARGET[family]} 80`,
      `tcptraceroute ${TARGET[family]} 443`,
    ]) {
      it(`borrow an address as the kernel does: ${argv}`, async () => {
        const [program = '', ...options] = argv.split(' ');
        const command = [join(DIST, `${program}.js`), '-n', '-q', '1', '-m', '1', '-w', '1', ...options];
        const { stdout, stderr } = await uplinks.exec(process.execPath, command);
        const devices = new Set(uplinks.left().map(({ device }) => device));
        assert.deepEqual([...devices], ['e2'], stdout + stderr);
      });
    }
  }
});

describe('probes without rights', { skip }, () => {
  let uplinks: Uplinks;
  before(() => {
    uplinks = new Uplinks();
    for (const family of [4, 6] as const)
      uplinks.ip(`-${family} route add default via ${OTHER[family]} metric 2000`);
  });
  after(() => {
    uplinks.close();
  });

  for (const family of [4, 6] as const) {
    for (const [program, port] of [['traceroute'], ['tcptraceroute', '443']] as const) {
      it(`leave by the interface of -i: ${program}, IPv${family}`, async () => {
        const options = ['-n', '-q', '1', '-m', '2', '-w', '1', '-i', 'e1', TARGET[family]];
        const command = [process.execPath, join(DIST, `${program}.js`), ...options];
        const argv = port === undefined ? command : [...command, port];
        const { stdout, stderr } = await uplinks.exec('setpriv', [...AS_NOBODY, ...argv]);
        const devices = new Set(uplinks.left().map(({ device }) => device));
        assert.deepEqual([...devices], ['e1'], stdout + stderr);
      });
    }
  }

  it('have no firewall mark, and say which right it takes', async () => {
    const command = [process.execPath, join(DIST, 'traceroute.js'), '-n', '--mark', '7', TARGET[4]];
    const { status, stdout, stderr } = await uplinks.exec('setpriv', [...AS_NOBODY, ...command]);
    const line = 'traceroute: --mark 7: Operation not permitted (it needs CAP_NET_ADMIN: run as root)\n';
    assert.deepEqual({ status, stdout, stderr }, { status: 1, stdout: '', stderr: line });
    assert.deepEqual(uplinks.left(), []);
  });
});

describe('probes of a flow whose gateway is on no network of the machine', { skip }, () => {
  let uplinks: Uplinks;
  before(() => {
    uplinks = new Uplinks();
    uplinks.ip(
      'neighbour add 192.0.2.1 lladdr 02:00:00:00:04:01 dev e1 nud permanent',
      '-4 route add default via 10.4.0.1 metric 2000',
      '-4 route add default via 192.0.2.1 dev e1 onlink table 100',
      rule(4, 'ipproto tcp dport 443'),
    );
  });
  after(() => {
    uplinks.close();
  });

  const way = 'Warning: TCP port 443 leaves by e1 via 192.0.2.1, where raw probes cannot be sent';
  for (const [options, rest, device] of [
    [[], 'plain sockets send them', 'e1'],
    [['-A'], 'the path shown may be another', 'e0'],
  ] as const) {
    it(`go by a socket where one can send them: tcptraceroute ${options.join(' ')}`, async () => {
      const fixed = ['-n', '-q', '1', '-m', '2', '-w', '1', ...options, TARGET[4], '443'];
      const { stderr } = await uplinks.exec(process.execPath, [join(DIST, 'tcptraceroute.js'), ...fixed]);
      assert.equal(stderr.split('\n')[0], `tcptraceroute: ${way}; ${rest}`);
      const devices = new Set(uplinks.left().map((left) => left.device));
      assert.deepEqual([...devices], [device]);
    });
  }
});

describe('probes of a protocol whose ports the kernel is not told', { skip }, () => {
  let uplinks: Uplinks;
  before(() => {
    uplinks = new Uplinks();
    uplinks.ip(
      other(4),
      rule(4, 'ipproto sctp dport 80'),
      rule(4, 'ipproto udplite dport 53'),
      `-6 route replace default nexthop via ${FIRST[6]} dev e0 nexthop via ${OTHER[6]} dev e1`,
    );
    uplinks.sysctl('net.ipv6.fib_multipath_hash_policy=1');
  });
  after(() => {
    uplinks.close();
  });

  const ruled = (what: string): string =>
    `Warning: a rule of this host routes ${what}, and raw probes go without ports`;
  const hashed = (what: string): string =>
    `Warning: this host chooses the next hop of ${what} by its ports, and raw probes go without`;
  const RAW = 'the path shown may be another';
  const PLAIN = 'plain sockets send them';
  for (const [argv, warning] of [
    [`-P sctp -p 80 ${TARGET[4]}`, `${ruled('SCTP port 80')}; ${RAW}`],
    [`-P sctp -p 81 ${TARGET[4]}`, undefined],
    [`-P udplite -p 53 ${TARGET[4]}`, `${ruled('UDP-Lite port 53')}; ${PLAIN}`],
    [`-P udplite -p 54 ${TARGET[4]}`, undefined],
    [`-P sctp -p 80 ${TARGET[6]}`, `${hashed('SCTP port 80')}; ${RAW}`],
    [`-P udplite -p 53 ${TARGET[6]}`, `${hashed('UDP-Lite port 53')}; ${PLAIN}`],
  ] as const) {
    it(`are warned of where routing goes by ports: traceroute ${argv}`, async () => {
      const command = [join(DIST, 'traceroute.js'), '-n', '-e', '-q', '1', '-m', '1', '-w', '1'];
      const { stderr } = await uplinks.exec(process.execPath, [...command, ...argv.split(' ')]);
      const [first = ''] = stderr.split('\n');
      if (warning === undefined) assert.match(first, /^traceroute to /);
      else assert.equal(first, `traceroute: ${warning}`);
    });
  }
});
