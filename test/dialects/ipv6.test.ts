/** Both commands over IPv6: the family they take, what they refuse, what replies say. Covers src/dialects/families.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReceivedDatagram } from '../../src/ports/transport.ts';
import { main } from '../../src/main.ts';
import { concat } from '../../src/wire/bytes.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import { withFault, type Fault } from '../sim/faults.ts';
import { normalise } from '../sim/normalise.ts';
import type { HopFormat, PathFormat } from '../sim/path-format.ts';
import { SimWorld, type SimWorldOptions } from '../sim/sim-world.ts';

/** One router before the target, over both families; addresses as the net has them, for choosing among them. */
const PATH = {
  src: '192.0.2.1',
  src6: '2001:db8::1',
  extra_src: ['2001:db8::7'],
  hops: [{ addr: '192.0.2.254', addr6: '2001:db8:1::1', delay: 4 }],
  dst: { addr: '198.51.100.9', addr6: '2001:db8:99::9', delay: 8, tcp: { 80: 'open' } },
  dns: {
    addr: '192.0.2.53',
    names: {
      'both.example/A': ['198.51.100.9'],
      'both.example/AAAA': ['2001:db8:99::9'],
      'four.example/A': ['198.51.100.9'],
      'many.example/AAAA': ['2001:db8:99::9', '2001:db8:99::a'],
      '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa/PTR': ['edge.example.net'],
    },
  },
} as const satisfies PathFormat;
const TARGET = PATH.dst.addr6;
const ROUTER = PATH.hops[0].addr6;

interface Options extends SimWorldOptions {
  readonly path?: PathFormat;
  /** The name it is called by. */
  readonly program?: string;
}

async function run(line: string, { path = PATH, program, ...options }: Options = {}) {
  const [command = '', ...argv] = line.split(' ');
  const world = new SimWorld(path, options);
  const dialect = command.startsWith('tcp') ? 'tcptraceroute' : 'traceroute';
  const status = await world.clock.run(main(dialect, program ?? command, argv, world));
  const probes = world.transport?.probes ?? [];
  const sent = world.transport?.sent ?? [];
  return { status, out: normalise(world.out), err: world.err, probes, sent };
}

/** The path with a first router that does otherwise. */
function pathOver(router: Partial<HopFormat>): PathFormat {
  return { ...PATH, hops: [{ ...PATH.hops[0], ...router }] };
}

describe('the family', () => {
  for (const [line, destination] of [
    [`traceroute -n ${TARGET}`, TARGET],
    ['traceroute -n 198.51.100.9', '198.51.100.9'],
    ['traceroute -n both.example', TARGET],
    ['traceroute -n -4 both.example', '198.51.100.9'],
    ['traceroute -n -6 both.example', TARGET],
    ['traceroute -n four.example', '198.51.100.9'],
    ['traceroute6 -n both.example', TARGET],
    ['traceroute6 -n -4 both.example', '198.51.100.9'],
    ['tcptraceroute -n both.example', TARGET],
    ['tcptraceroute6 -n both.example', TARGET],
    ['tcptraceroute -n -4 both.example', '198.51.100.9'],
    ['traceroute -n -s 192.0.2.1 both.example', '198.51.100.9'],
    ['traceroute -n -s 2001:db8::7 both.example', TARGET],
  ] as const) {
    it(`"${line}" traces to ${destination}`, async () => {
      const { probes, status } = await run(line);
      assert.equal(status, 0);
      assert.ok(probes.length >= 6);
      assert.deepEqual(new Set(probes.map(({ dst }) => dst)), new Set([destination]));
    });
  }

  it('a name is traced over the family that there is a route for', async () => {
    const { src6, ...withoutIpv6 } = PATH;
    assert.ok(src6);
    const { probes } = await run('traceroute -n both.example', { path: withoutIpv6 });
    assert.equal(probes[0]?.dst, '198.51.100.9');
  });

  it('the warning of further addresses counts those of the family only', async () => {
    assert.doesNotMatch((await run('traceroute -n both.example')).err, /Warning/);
    const { err } = await run('traceroute -n many.example');
    assert.match(err, /Warning: many\.example has multiple addresses; using 2001:db8:99::9\n/);
  });
});

describe('what IPv6 or IPv4 refuses', () => {
  for (const [line, message] of [
    ['traceroute -6 198.51.100.9', '-6 198.51.100.9: this is an IPv4 address (use -4)'],
    [`traceroute -4 ${TARGET}`, `-4 ${TARGET}: this is an IPv6 address (use -6)`],
    ['traceroute6 198.51.100.9', '-6 198.51.100.9: this is an IPv4 address (use -4)'],
    ['traceroute -6 four.example', 'unknown host four.example: it has no IPv6 address, only IPv4 (use -4)'],
    [
      `traceroute -s 192.0.2.1 ${TARGET}`,
      '-s 192.0.2.1: this is an IPv4 address, and the trace is over IPv6',
    ],
    ['traceroute -g 2001:db8:1::1 both.example', '-g: IPv6 has no loose source route (RFC 5095); use -4'],
    [
      `traceroute --flow-label 1048576 ${TARGET}`,
      '--flow-label 1048576: expected a whole number from 0 to 1048575',
    ],
    [`traceroute --flow-label x ${TARGET}`, '--flow-label x: expected a whole number from 0 to 1048575'],
    ['traceroute --flow-label 1 four.example', '--flow-label: IPv4 has no flow label (use -6)'],
    [
      `traceroute --nat64 2001:db8:64::/95 ${TARGET}`,
      '--nat64 2001:db8:64::/95: expected an IPv6 prefix of /32, /40, /48, /56, /64 or /96',
    ],
    [`traceroute ${TARGET} 47`, 'packet length must be > 47'],
    ['traceroute both.example 47', 'packet length must be > 47'],
    [`traceroute -I ${TARGET} 67`, 'packet length must be > 67'],
    [`traceroute -P 58 ${TARGET}`, '-P 58: generic octets are no ICMPv6 message (use -I)'],
    ...[43, 44, 51, 60, 135].map(
      (protocol) =>
        [
          `traceroute -P ${protocol} ${TARGET}`,
          `-P ${protocol}: in IPv6 this is an extension header (RFC 8200 section 4), not a protocol; use -4`,
        ] as const,
    ),
    ...[44, 135].map(
      (protocol) =>
        [
          `traceroute --matrix icmp,${protocol},udp ${TARGET}`,
          `--matrix ${protocol}: in IPv6 this is an extension header (RFC 8200 section 4), not a protocol; use -4`,
        ] as const,
    ),
    [`traceroute --matrix icmp,58 ${TARGET}`, '--matrix 58: generic octets are no ICMPv6 message (use -I)'],
    [
      'traceroute ::ffff:198.51.100.9',
      '::ffff:c633:6409: an IPv4-mapped address is on no wire (trace to 198.51.100.9)',
    ],
    ['traceroute fe80::1', 'fe80::1: a link-local address needs its interface (fe80::1%INTERFACE, or -i)'],
    [
      'traceroute fe80::1%a;b',
      'fe80::1%a;b: no single host (expected a name or an address, such as shop.example or 192.0.2.1)',
    ],
  ] as const) {
    it(`"${line}" is refused with "${message}"`, async () => {
      const { status, out, err, probes } = await run(line);
      const [program = ''] = line.split(' ');
      assert.deepEqual([status, out, err], [1, '', `${program}: ${message}\n`]);
      assert.deepEqual(probes, []);
    });
  }

  it('IPv4 accepts the numbers that IPv6 refuses for -P', async () => {
    const { probes } = await run('traceroute -n -P 44 four.example');
    assert.equal(probes[0]?.proto, 44);
  });
});

describe('what is sent over IPv6', () => {
  for (const [line, length] of [
    [`traceroute -n ${TARGET}`, 60],
    [`traceroute -n ${TARGET} 48`, 48],
    [`traceroute -n -I ${TARGET}`, 68],
    [`traceroute -n -P gre ${TARGET}`, 60],
    [`traceroute -n -P udplite ${TARGET}`, 60],
    [`traceroute -n -P sctp ${TARGET}`, 60],
    [`traceroute -n -P tcp ${TARGET}`, 60],
    [`tcptraceroute -n ${TARGET}`, 60],
    [`tcptraceroute -n -l 45 ${TARGET}`, 60],
    [`tcptraceroute -n ${TARGET} 80 100`, 100],
  ] as const) {
    it(`"${line}" sends ${length} octets over IPv6, with their checksum`, async () => {
      const { probes, err } = await run(line);
      assert.deepEqual(new Set(probes.map(({ len }) => len)), new Set([length]));
      assert.ok(probes.every(({ l4sum_ok: right }) => right !== false));
      assert.equal(/Increasing packet length to 60 bytes/.test(err), line.includes('-l 45'));
    });
  }

  it('IPv6 probes have the traffic class, and one flow label over the run', async () => {
    const { probes } = await run(`traceroute -n -t 0xb8 --flow-label 1048575 ${TARGET}`);
    assert.deepEqual(new Set(probes.map(({ tos, flow }) => [tos, flow].join())), new Set(['184,1048575']));
  });

  it('IPv6 probes are the same with -F, as no router fragments', async () => {
    const [plain, whole] = [await run(`traceroute -n ${TARGET}`), await run(`traceroute -nF ${TARGET}`)];
    assert.equal(whole.status, 0);
    assert.deepEqual(
      whole.sent.map(({ octets }) => octets.length),
      plain.sent.map(({ octets }) => octets.length),
    );
  });

  it('IPv6 probes go to a link-local target in its zone', async () => {
    const path = { ...PATH, src6: 'fe80::7', hops: [], dst: { addr: '198.51.100.9', addr6: 'fe80::1' } };
    const { out, err } = await run('traceroute -nq1 fe80::1%tun0', { path });
    assert.equal(out, ' 1  fe80::1  <rtt> ms');
    assert.match(err, /^traceroute to fe80::1%tun0 \(fe80::1%tun0\), /);
    const byDevice = await run('traceroute -nq1 -i tun0 fe80::1', { path });
    assert.equal(byDevice.out, out);
    const byIndex = await run('traceroute -nq1 fe80::1%7', { path });
    assert.equal(byIndex.out, out);
    assert.match(byIndex.err, /^traceroute to fe80::1%7 \(fe80::1%tun0\), /);
  });
});

describe('what is shown of IPv6 replies', () => {
  it('IPv6 responders have names from ip6.arpa', async () => {
    const { out } = await run(`traceroute -q1 ${TARGET}`);
    assert.equal(out, ` 1  edge.example.net (${ROUTER})  <rtt> ms\n 2  ${TARGET} (${TARGET})  <rtt> ms`);
  });

  for (const [router, args, shown] of [
    ['64:ff9b::c000:221', [], '64:ff9b::c000:221 [nat64 192.0.2.33]'],
    ['2001:db8:64::c000:221', [], '2001:db8:64::c000:221'],
    ['2001:db8:64::c000:221', ['--nat64', '2001:db8:64::/96'], '2001:db8:64::c000:221 [nat64 192.0.2.33]'],
    // RFC 6052 section 2.4
    [
      '2001:db8:122:344:c0:2:2100::',
      ['--nat64', '2001:db8:122:344::/64'],
      '2001:db8:122:344:c0:2:2100:0 [nat64 192.0.2.33]',
    ],
  ] as const) {
    it(`traceroute ${args.length > 0 ? `${args.join(' ')} ` : ''}shows ${shown}`, async () => {
      const { out } = await run(['traceroute', '-nq1', ...args, TARGET].join(' '), {
        path: pathOver({ addr6: router }),
      });
      assert.equal(out.split('\n')[0], ` 1  ${shown}  <rtt> ms`);
    });
  }

  for (const [error6, bsd, tcp, ends] of [
    [[1, 0], ' !N', ' !N', true],
    [[1, 1], ' !X', ' !X', true],
    [[1, 2], ' !S', ' !S', true],
    [[1, 3], ' !H', ' !H', true],
    [[1, 4], '', ' !p', true],
    [[1, 5], ' !A', ' !A', true],
    [[1, 6], ' !R', ' !R', true],
    [[1, 7], ' !<7>', ' !<7>', true],
    [[4, 0], ' !<4-0>', ' !<4-0>', true],
    [[4, 1], ' !P', ' !P', true],
    [[4, 2], ' !<4-2>', ' !<4-2>', true],
    [[3, 0], '', '', false],
  ] as const) {
    it(`ICMPv6 type ${error6[0]} code ${error6[1]} is "${bsd}" in traceroute and "${tcp}" in tcptraceroute`, async () => {
      const path = pathOver({ error6 });
      const outputs = [
        await run(`traceroute -nq1 ${TARGET}`, { path }),
        await run(`tcptraceroute -nq1 ${TARGET}`, { path }),
      ];
      const lines = outputs.map(({ out }) => out.split('\n'));
      assert.deepEqual(
        lines.map(([first]) => first),
        [` 1  ${ROUTER}  <rtt> ms${bsd}`, ` 1  ${ROUTER}  <rtt> ms${tcp}`],
      );
      assert.deepEqual(
        lines.map(({ length }) => length),
        ends ? [1, 1] : [2, 2],
      );
    });
  }

  it('an IPv6 target is marked where its hop limit is used up, and not where that is unknown', async () => {
    const path = { ...PATH, dst: { ...PATH.dst, reply_ttl: 1 } };
    const withoutTtl: Fault = ({ ttl, ...datagram }) => [{ datagram, afterMs: ttl === undefined ? 0 : 1 }];
    const known = await run(`traceroute -nq1 ${TARGET}`, { path });
    assert.match(known.out, /ms !$/);
    const unknown = await run(`traceroute -nq1 ${TARGET}`, {
      path,
      wrap: (transport, clock) => withFault(transport, clock, withoutTtl),
    });
    assert.match(unknown.out, /ms$/);
  });

  it('a translated IPv6 destination has its port apart from its address', async () => {
    const path = pathOver({ dnat: '[2001:db8:77::7]:443' });
    const { out } = await run(`tcptraceroute -nq1 --dnat ${TARGET}`, { path });
    assert.match(out, /^ {6}Detected DNAT to \[2001:db8:77::7\]:443\n/);
  });

  it('traceroute -v names messages as ICMPv6 does, and leaves out neighbour discovery', async () => {
    const foreign = (type: number): ReceivedDatagram => ({
      family: 6,
      protocol: IP_PROTOCOL.icmpv6,
      source: '2001:db8::bad',
      octets: Uint8Array.of(type, 0, 0, 0, 0, 0, 0, 0),
      hasHeader: false,
      atMs: 0,
      precision: 'user',
    });
    const shown = async (type: number) => {
      const wrap: Options['wrap'] = (transport, clock) =>
        withFault(transport, clock, (datagram) =>
          [foreign(type), datagram].map((each) => ({
            datagram: { ...each, atMs: clock.nowMs() },
            afterMs: 0,
          })),
        );
      return (await run(`traceroute -nvq1 -m1 ${TARGET}`, { wrap })).out;
    };
    assert.match(
      await shown(128),
      /8 bytes from 2001:db8::bad to 2001:db8::1: icmp type 128 \(Echo\) code 0\n/,
    );
    for (const type of [130, 133, 135, 136, 143]) assert.doesNotMatch(await shown(type), /2001:db8::bad/);
  });
});

describe('extension headers in a quote', () => {
  const QUOTE = 8;
  const TRANSPORT = QUOTE + 40;

  /** Has routers quote the probe with these headers, the first of the protocol `first`, before its own. */
  function quotedBehind(first: number, headers: (own: number) => Uint8Array): NonNullable<Options['wrap']> {
    const insert: Fault = (datagram) => {
      const { octets } = datagram;
      const own = octets[QUOTE + 6] ?? 0;
      const quoted = concat(octets.subarray(0, TRANSPORT), headers(own), octets.subarray(TRANSPORT));
      quoted[QUOTE + 6] = first;
      return [{ datagram: { ...datagram, octets: quoted }, afterMs: 0 }];
    };
    return (transport, clock) => withFault(transport, clock, insert);
  }

  /** A header of 8 octets: next header, length, and what is left zero. */
  const header = (next: number, ...rest: number[]) =>
    Uint8Array.from({ length: 8 }, (_, at) => [next, ...rest][at] ?? 0);
  const { hopByHop, routing, fragment, destinationOptions, authentication } = IP_PROTOCOL;

  for (const [what, first, headers] of [
    ['hop-by-hop options', hopByHop, (own) => header(own)],
    ['a routing header', routing, (own) => concat(header(own, 1), header(0))],
    ['destination options', destinationOptions, (own) => header(own)],
    ['the first fragment', fragment, (own) => header(own, 0, 0, 1)],
    ['an authentication header', authentication, (own) => concat(header(own, 2), header(0))],
    [
      'all of them in a chain',
      hopByHop,
      (own) => concat(header(destinationOptions), header(routing), header(fragment), header(own, 0, 0, 1)),
    ],
  ] as readonly (readonly [string, number, (own: number) => Uint8Array])[]) {
    for (const args of ['', ' -I', ' -P tcp', ' -P 89']) {
      it(`a quote with ${what} before the probe of "traceroute${args}" is read`, async () => {
        const { out } = await run(`traceroute -nq1 -m1${args} ${TARGET}`, {
          wrap: quotedBehind(first, headers),
        });
        assert.equal(out, ` 1  ${ROUTER}  <rtt> ms`);
      });
    }
  }

  for (const [what, first, headers] of [
    [
      'a chain that never ends',
      hopByHop,
      () => concat(...Array.from({ length: 40 }, () => header(hopByHop))),
    ],
    ['a header longer than the quote', destinationOptions, (own) => header(own, 255)],
    ['a later fragment', fragment, (own) => header(own, 0, 0, 8)],
    ['another protocol behind', hopByHop, () => header(IP_PROTOCOL.gre)],
  ] as readonly (readonly [string, number, (own: number) => Uint8Array])[]) {
    it(`a quote with ${what} is not ours, and no crash`, async () => {
      const { out, status } = await run(`traceroute -nq1 -w1 -m1 ${TARGET}`, {
        wrap: quotedBehind(first, headers),
      });
      assert.deepEqual([out, status], [' 1  *', 0]);
    });
  }

  it('a quote with extension headers may be cut anywhere', async () => {
    for (let length = 0; length < TRANSPORT + 16; length++) {
      const cut: Fault = (datagram) => [
        { datagram: { ...datagram, octets: datagram.octets.slice(0, length) }, afterMs: 0 },
      ];
      const wrap: Options['wrap'] = (transport, clock) => withFault(transport, clock, cut);
      const { out } = await run(`traceroute -nq1 -w1 -m1 ${TARGET}`, { wrap });
      // 4 octets of UDP are the ports, but a decoder may want them all
      if (length < TRANSPORT + 4) assert.equal(out, ' 1  *');
      if (length >= TRANSPORT + 8) assert.equal(out, ` 1  ${ROUTER}  <rtt> ms`);
    }
  });
});
