/** Each letter of BSD traceroute changes the probes as it should: src/dialects/bsd-options.ts and bsd.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RouteQuestion, RouteReply } from '../../src/ports/machine.ts';
import { decodeTcp } from '../../src/wire/tcp.ts';
import { decodeUdp } from '../../src/wire/udp.ts';
import { neighbour, PATH, traceroute } from './run-command.ts';

const TARGET = PATH.dst.addr;
/** One hop, three probes. */
const ONE_HOP = `-n -m 1 ${TARGET}`;

describe('traceroute: what the defaults are', () => {
  it('traceroute sends three probes of 40 octets for each TTL up to the system default', async () => {
    const { probes, err } = await traceroute(`-n -w 1 ${TARGET}`, { path: { ...PATH, hops: SILENT_HOPS } });
    assert.equal(err, `traceroute to ${TARGET} (${TARGET}), 64 hops max, 40 byte packets\n`);
    assert.equal(probes.length, 64 * 3);
    assert.deepEqual(
      probes.map(({ ttl }) => ttl),
      Array.from({ length: 192 }, (_, index) => Math.floor(index / 3) + 1),
    );
    assert.deepEqual(
      probes.map(({ dport }) => dport),
      Array.from({ length: 192 }, (_, index) => 33435 + index),
    );
  });

  it('traceroute leaves the default of the largest TTL to the system', async () => {
    const { err } = await traceroute(`-n ${TARGET}`, { machine: { defaultTtl: () => 17 } });
    assert.match(err, /, 17 hops max,/);
  });
});

/** More hops than any trace goes, all mute. */
const SILENT_HOPS = Array.from({ length: 70 }, () => ({ addr: '10.1.0.1', silent: true }));

describe('traceroute: options that change every probe', () => {
  const rows: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
    ['no option', '', { tos: 0, df: false, off: 0, opts: '', len: 40, src: '10.0.0.1', proto: 17 }],
    ['-F', '-F', { df: true, off: 0x4000 }],
    ['-t', '-t 16', { tos: 16 }],
    ['-t in hexadecimal', '-t 0xb8', { tos: 0xb8 }],
    ['all bits of -t', '-t 255', { tos: 255 }],
    ['the ECT(1) of -E', '-E', { tos: 1 }],
    ['-E, and keeps the other bits of -t', '-E -t 19', { tos: 17 }],
    ['-s', '-s 10.0.0.7', { src: '10.0.0.7' }],
    ['the first address of -i', '-i tun0', { src: '10.0.0.1' }],
    ['-i and -s', '-i tun0 -s 10.0.0.7', { src: '10.0.0.7' }],
    ['-I', '-I', { proto: 1, len: 48 }],
    ['-P', '-P tcp', { proto: 6, len: 40, flags: 2 }],
    ['-P when it follows -I', '-I -P gre', { proto: 47 }],
    ['-I when it follows -P', '-P gre -I', { proto: 1 }],
  ];
  for (const [name, options, expected] of rows) {
    it(`traceroute changes every probe by ${name}`, async () => {
      const { probes, status } = await traceroute(`${options} ${ONE_HOP}`);
      assert.equal(status, 0);
      assert.equal(probes.length, 3);
      for (const probe of probes) {
        assert.deepEqual({ ...probe, ...expected }, probe);
        assert.equal(probe.ipsum_ok, true);
        assert.equal(probe.l4sum_ok, probe.proto === 47 ? null : true);
      }
    });
  }

  it('traceroute names the address of -s in its first line', async () => {
    const { err } = await traceroute(`-s 10.0.0.7 ${ONE_HOP}`);
    assert.equal(err, `traceroute to ${TARGET} (${TARGET}) from 10.0.0.7, 1 hops max, 40 byte packets\n`);
  });

  it('traceroute -s takes a name', async () => {
    const names = { 'here.example.net/A': ['10.0.0.7'] };
    const path = { ...PATH, dns: { addr: '10.0.0.53', names } };
    const { err, probes } = await traceroute(`-s here.example.net ${ONE_HOP}`, { path });
    assert.match(err, / from here\.example\.net, /);
    assert.equal(probes[0]?.src, '10.0.0.7');
  });

  it('traceroute -i sends from another interface than the routes would take', async () => {
    const routeTo = ({ device = '' }: RouteQuestion): Promise<RouteReply> =>
      Promise.resolve({ route: { source: '10.0.0.7', device: () => device, isGuess: false } });
    const { probes } = await traceroute(`-i tun1 ${ONE_HOP}`, { machine: { routeTo } });
    assert.equal(probes[0]?.src, '10.0.0.7');
  });
});

describe('traceroute: TTLs and numbers of probes', () => {
  const rows: readonly (readonly [string, string, readonly number[]])[] = [
    ['with -m', '-m 2', [1, 1, 1, 2, 2, 2]],
    ['with -f', '-f 2 -m 3', [2, 2, 2, 3, 3, 3]],
    ['with -M as with -f', '-M 2 -m 3', [2, 2, 2, 3, 3, 3]],
    ['with the later of -f and -M', '-f 1 -M 3 -m 3', [3, 3, 3]],
    ['with -q', '-q 5 -m 1', [1, 1, 1, 1, 1]],
    ['with -q 1', '-q 1 -m 2', [1, 2]],
    ['once for each hop with -D', '-D -m 2', [1, 2]],
    ['as -q says, with -D too', '-D -q 2 -m 1', [1, 1]],
    ['up to a TTL of 255', '-f 255 -m 255 -q 1', [255]],
  ];
  for (const [name, options, ttls] of rows) {
    it(`traceroute sends to the right TTLs ${name}`, async () => {
      const { probes } = await traceroute(`-n ${options} ${TARGET}`);
      assert.deepEqual(
        probes.map(({ ttl }) => ttl),
        ttls,
      );
    });
  }

  it('traceroute names the TTL of -m in its first line', async () => {
    const { err } = await traceroute(ONE_HOP);
    assert.match(err, /, 1 hops max, /);
  });
});

describe('traceroute: ports', () => {
  const rows: readonly (readonly [string, string, readonly (number | null)[]])[] = [
    ['-p, the first probe going to the next port', '-p 40000', [40001, 40002, 40003]],
    ['-p in hexadecimal', '-p 0x50', [81, 82, 83]],
    ['-p at its end, going on with 0', '-p 65535', [0, 1, 2]],
    ['-p with -P tcp', '-P tcp -p 79', [80, 81, 82]],
    ['-p with -P udplite', '-P udplite -p 100', [101, 102, 103]],
    ['-p with -P sctp', '-P sctp -p 100', [101, 102, 103]],
    ['-e', '-e -p 53', [53, 53, 53]],
    ['-e without -p', '-e', [33434, 33434, 33434]],
    ['-e with -P tcp', '-e -P tcp -p 80', [80, 80, 80]],
    ['-e with -P sctp', '-e -P sctp -p 80', [80, 80, 80]],
    ['-p with -I', '-I -p 80', [null, null, null]],
  ];
  for (const [name, options, ports] of rows) {
    it(`traceroute sends to the right ports with ${name}`, async () => {
      const { probes } = await traceroute(`${options} ${ONE_HOP}`);
      assert.deepEqual(
        probes.map(({ dport }) => dport),
        ports,
      );
    });
  }

  it('traceroute keeps one reserved source port for UDP', async () => {
    const { datagrams } = await traceroute(ONE_HOP, {
      machine: { reservePort: (kind) => Promise.resolve({ port: kind === 'udp' ? 50123 : 1, release() {} }) },
    });
    assert.deepEqual(
      new Set(datagrams.map(({ transport }) => decodeUdp(transport).sourcePort)),
      new Set([50123]),
    );
  });

  for (const probe of ['udp', 'udplite', 'sctp']) {
    it(`traceroute -e with ${probe} counts the source port up, and tells replies apart by it`, async () => {
      const { datagrams, out } = await traceroute(`-n -e -p 53 -P ${probe} -m 1 ${TARGET}`);
      const sources = datagrams.map(({ transport }) => decodeUdp(transport).sourcePort);
      const [first = 0] = sources;
      assert.deepEqual(sources, [first, first + 1, first + 2]);
      assert.equal(out, ' 1  10.1.0.1  4.000 ms  4.000 ms  4.000 ms\n');
    });
  }

  it('traceroute -e with tcp counts the sequence number up, and keeps the ports', async () => {
    const { datagrams, out } = await traceroute(`-n -e -p 80 -P tcp ${TARGET}`, { path: neighbour() });
    const headers = datagrams.map(({ transport }) => decodeTcp(transport));
    assert.equal(new Set(headers.map(({ sequenceNumber }) => sequenceNumber)).size, headers.length);
    assert.equal(new Set(headers.map(({ sourcePort }) => sourcePort)).size, 1);
    assert.equal(out, ` 1  ${TARGET} [open]  4.000 ms  4.000 ms  4.000 ms\n`);
  });

  it('traceroute -P gre takes -p for the protocol type', async () => {
    const { datagrams } = await traceroute(`-P gre -p 0x6558 ${ONE_HOP}`);
    assert.deepEqual([...(datagrams[0]?.transport.subarray(0, 4) ?? [])], [0x20, 0x01, 0x65, 0x58]);
  });

  it('traceroute -P with a number takes -p for the base of the second word', async () => {
    const { datagrams } = await traceroute(`-P 99 -p 700 ${ONE_HOP}`);
    const words = datagrams.map(({ transport }) => ((transport[2] ?? 0) << 8) | (transport[3] ?? 0));
    assert.deepEqual(words, [701, 702, 703]);
  });
});

describe('traceroute: -g', () => {
  const gateways = (count: number) => Array.from({ length: count }, (_, index) => `10.5.0.${index + 1}`);
  const given = (count: number) => gateways(count).flatMap((gateway) => ['-g', gateway]);
  const octets = (addresses: readonly string[]) =>
    addresses.flatMap((address) => address.split('.').map(Number));

  for (const count of [1, 2, 8]) {
    it(`traceroute -g puts ${count} gateways into the IP header`, async () => {
      const { probes, datagrams, err } = await traceroute([...given(count), '-n', '-m1', TARGET]);
      const [first, ...later] = gateways(count);
      const [probe] = probes;
      assert.ok(probe);
      assert.equal(probe.dst, first);
      // no-operation, then type 131, length, pointer to the first address, the addresses still to visit
      const route = [1, 131, 3 + count * 4, 4, ...octets([...later, TARGET])];
      assert.deepEqual([...(datagrams[0]?.options ?? [])], route);
      assert.equal(probe.l4sum_ok, true, 'the checksum covers the final destination');
      assert.equal(probe.len, Math.max(40, 20 + route.length + 8));
      assert.match(err, new RegExp(`, ${probe.len} byte packets`));
    });
  }

  it('traceroute -g goes over the gateway to the target', async () => {
    const hops = [
      { addr: '10.1.0.1', delay: 4 },
      { addr: '10.5.0.1', delay: 6 },
      { addr: '10.2.0.1', delay: 8 },
    ];
    const { out } = await traceroute(`-n -q1 -g 10.5.0.1 ${TARGET}`, { path: { ...PATH, hops } });
    assert.equal(
      out,
      ` 1  10.1.0.1  4.000 ms\n 2  10.5.0.1  6.000 ms\n 3  10.2.0.1  8.000 ms\n 4  ${TARGET}  12.000 ms\n`,
    );
  });

  it('traceroute -g takes a name', async () => {
    const path = { ...PATH, dns: { addr: '10.0.0.53', names: { 'gw.example.net/A': ['10.5.0.1'] } } };
    const { probes } = await traceroute(`-g gw.example.net ${ONE_HOP}`, { path });
    assert.equal(probes[0]?.dst, '10.5.0.1');
  });
});

describe('traceroute: -x', () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['udp', '-x', false],
    ['udp when given twice', '-xx', true],
    ['udplite', '-x -P udplite', false],
    ['tcp', '-x -P tcp', false],
    ['sctp', '-x -P sctp', false],
    ['icmp, which nobody answers without one', '-x -I', true],
  ];
  const OFFSET: Readonly<Record<number, readonly [number, number]>> = {
    6: [16, 18],
    17: [6, 8],
    132: [8, 12],
    136: [6, 8],
  };
  for (const [name, options, summed] of rows) {
    it(`traceroute -x ${summed ? 'keeps' : 'leaves out'} the checksum of ${name}`, async () => {
      const { probes, datagrams, err } = await traceroute(`${options} ${ONE_HOP}`);
      const warning = options.startsWith('-xx') ? '' : 'traceroute: Warning: ip checksums disabled\n';
      assert.ok(err.startsWith(`${warning}traceroute to `), err);
      assert.equal(probes[0]?.ipsum_ok, true);
      if (summed) assert.equal(probes[0].l4sum_ok, true);
      const range = OFFSET[probes[0].proto];
      if (range) {
        const checksum = [...(datagrams[0]?.transport.subarray(...range) ?? [])];
        assert.equal(
          checksum.some((octet) => octet !== 0),
          summed,
        );
      }
    });
  }
});
