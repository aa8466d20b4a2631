/** BSD traceroute runs as its options say, in time, sockets and names: src/dialects/bsd.ts and common-settings.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mostInFlight, PATH, pathTo, traceroute } from './run-command.ts';

const TARGET = PATH.dst.addr;
/** One hop, three probes. */
const ONE_HOP = `-n -m 1 ${TARGET}`;
/** More hops than any trace goes, all mute. */
const SILENT_HOPS = Array.from({ length: 70 }, () => ({ addr: '10.1.0.1', silent: true }));

describe('traceroute: times', () => {
  const late = { ...PATH, hops: [{ addr: '10.1.0.1', delay: 1500 }] };

  it('traceroute -w does not count a reply that comes later', async () => {
    const { out } = await traceroute(`-n -q1 -w 1 -m 1 ${TARGET}`, { path: late });
    assert.equal(out, ' 1  *\n');
  });

  it('traceroute -w counts a reply that comes before', async () => {
    const { out } = await traceroute(`-n -q1 -w 2 -m 1 ${TARGET}`, { path: late });
    assert.equal(out, ' 1  10.1.0.1  1500.000 ms\n');
  });

  it('traceroute -w waits that long for a mute hop, whatever the other hops show', async () => {
    const hops = [
      { addr: '10.1.0.1', delay: 4 },
      { addr: '10.2.0.1', silent: true },
    ];
    const { out, endMs } = await traceroute(`-n -q1 -w 7 ${TARGET}`, { path: { ...PATH, hops } });
    assert.equal(out, ` 1  10.1.0.1  4.000 ms\n 2  *\n 3  ${TARGET}  12.000 ms\n`);
    // the mute hop is asked after 3 ms, when none has answered
    assert.equal(endMs, 7003);
  });

  it('traceroute -w MAX,HERE,NEAR waits by the pace of the path', async () => {
    const hops = [PATH.hops[0], { addr: '10.2.0.1', silent: true }];
    const mute = { ...PATH, hops };
    const silent = { ...PATH, hops: PATH.hops.map(({ addr }) => ({ addr, silent: true })) };
    const near = await traceroute(`-n -q1 -w 7,3,10 ${TARGET}`, { path: mute });
    const most = await traceroute(`-n -q1 -m2 -w 2,3,10 ${TARGET}`, { path: silent });
    const exact = await traceroute(`-n -q1 -w 7,0,0 ${TARGET}`, { path: mute });
    assert.ok(near.endMs < 1000, `${near.endMs} ms`);
    assert.equal(most.endMs, 2003);
    assert.ok(exact.endMs >= 7000, `${exact.endMs} ms`);
  });

  it('traceroute without -w waits for a mute hop 5 s at most', async () => {
    const { endMs } = await traceroute(`-n -q1 -m 1 ${TARGET}`, { path: { ...PATH, hops: SILENT_HOPS } });
    assert.equal(endMs, 5000);
  });

  it('traceroute -z paces all sending', async () => {
    const { timesMs } = await traceroute(`-n -z 250 -q 2 -m 3 ${TARGET}`);
    assert.deepEqual(timesMs, [0, 250, 500, 750, 1000, 1250]);
  });

  it('traceroute -z takes fractions', async () => {
    const { timesMs } = await traceroute(`-n -z 2.5 -q 2 -m 2 ${TARGET}`);
    assert.deepEqual(timesMs, [0, 2.5, 5, 7.5]);
  });

  it('traceroute -w takes fractions', async () => {
    const path = { ...PATH, hops: [{ addr: '10.1.0.1', delay: 600 }] };
    const { out } = await traceroute(`-n -w 0.5 -q1 -m 1 ${TARGET}`, { path });
    assert.equal(out, ' 1  *\n');
    const { out: later } = await traceroute(`-n -w .7 -q1 -m 1 ${TARGET}`, { path });
    assert.equal(later, ' 1  10.1.0.1  600.000 ms\n');
  });

  it('traceroute -z 0 sends at once', async () => {
    const { timesMs } = await traceroute(`-n -z 0 -q 4 -m 1 ${TARGET}`);
    assert.deepEqual(timesMs, [0, 0, 0, 0]);
  });

  it('traceroute --fast sends everything at once', async () => {
    const { timesMs } = await traceroute(`-n --fast -m 30 ${TARGET}`);
    assert.deepEqual(timesMs, new Array<number>(90).fill(0));
  });

  it('traceroute --parallel 1 sends, waits, sends', async () => {
    const run = await traceroute(`-n --parallel 1 ${TARGET}`);
    assert.deepEqual(run.timesMs, [0, 4, 8, 12, 20, 28, 36, 48, 60]);
    assert.equal(run.probes.length, 9, 'nothing is sent past the target');
    assert.equal(
      mostInFlight(run, (ttl) => ttl * 4),
      1,
    );
  });

  it('traceroute --parallel 1 waits in full for each probe of a mute hop', async () => {
    const path = { ...PATH, hops: SILENT_HOPS };
    const { timesMs, endMs } = await traceroute(`-n --parallel 1 -w 2 -m 2 -q 2 ${TARGET}`, { path });
    assert.deepEqual(timesMs, [0, 2000, 4000, 6000]);
    assert.equal(endMs, 8000);
  });

  for (const [options, most] of [
    ['--parallel 5', 5],
    ['--parallel=2', 2],
    ['', 48],
  ] as const) {
    it(`traceroute ${options === '' ? 'by default' : options} has at most ${most} probes in flight`, async () => {
      const hops = Array.from({ length: 20 }, () => ({ addr: '10.1.0.1', delay: 100 }));
      const run = await traceroute(`-n ${options} -m 20 ${TARGET}`, { path: { ...PATH, hops } });
      assert.equal(
        mostInFlight(run, () => 100),
        most,
      );
      assert.equal(run.probes.length, 60);
    });
  }
});

describe('traceroute: options of the socket', () => {
  for (const [options, debug, dontRoute] of [
    ['', false, false],
    ['-d', true, false],
    ['-r', false, true],
    ['-dr', true, true],
  ] as const) {
    it(`traceroute ${options === '' ? 'without -d and -r' : options} opens its sockets so`, async () => {
      const { raw } = await traceroute(`${options} ${ONE_HOP}`);
      assert.equal(raw?.debug, debug);
      assert.equal(raw.dontRoute, dontRoute);
    });
  }

  for (const [options, protocols] of [
    ['', [17]],
    ['-P tcp', [6]],
    ['-P sctp', [132]],
    ['-P gre', []],
    ['-P 99', []],
  ] as const) {
    it(`traceroute ${options === '' ? 'with UDP probes' : options} receives the protocol of the answers`, async () => {
      const { raw } = await traceroute(`${options} ${ONE_HOP}`);
      assert.deepEqual(raw?.protocols, protocols);
    });
  }

  it('traceroute -4 opens sockets of IPv4 only', async () => {
    const { raw } = await traceroute(`-4 ${ONE_HOP}`);
    assert.deepEqual(raw?.families, [4]);
  });
});

describe('traceroute: names', () => {
  const names = {
    '1.0.1.10.in-addr.arpa/PTR': ['edge.example.net'],
    'target.example.org/A': [TARGET],
    'many.example.org/A': [TARGET, '10.99.0.2'],
  };
  const path = { ...PATH, dns: { addr: '10.0.0.53', names } };

  it('traceroute shows the names that there are, and the address twice where there is none', async () => {
    const { out, err } = await traceroute('-q1 target.example.org', { path });
    assert.equal(err, `traceroute to target.example.org (${TARGET}), 64 hops max, 40 byte packets\n`);
    assert.equal(
      out,
      ` 1  edge.example.net (10.1.0.1)  4.000 ms\n 2  10.2.0.1 (10.2.0.1)  8.000 ms\n 3  ${TARGET} (${TARGET})  12.000 ms\n`,
    );
  });

  it('traceroute -n asks no name server', async () => {
    const { out, resolverOptions } = await traceroute(`-n -q1 -m1 ${TARGET}`, { path });
    assert.equal(out, ' 1  10.1.0.1  4.000 ms\n');
    assert.equal(resolverOptions, undefined);
  });

  it('traceroute takes the first of several addresses, and says so', async () => {
    const { err, probes } = await traceroute('-q1 -m1 many.example.org', { path });
    assert.equal(
      err,
      `traceroute: Warning: many.example.org has multiple addresses; using ${TARGET}\n` +
        `traceroute to many.example.org (${TARGET}), 1 hops max, 40 byte packets\n`,
    );
    assert.equal(probes[0]?.dst, TARGET);
  });

  it('traceroute reads an address in any form of inet_addr', async () => {
    const { err, probes } = await traceroute('-n -m1 0x0a630001');
    assert.match(err, /^traceroute to 0x0a630001 \(10\.99\.0\.1\), /);
    assert.equal(probes[0]?.dst, TARGET);
  });

  it('traceroute cuts the domain of this machine', async () => {
    const resolver = {
      resolve: () => Promise.reject(new Error('not asked')),
      nameOf: (address: string) =>
        Promise.resolve(address === '10.1.0.1' ? 'edge.example.net' : 'core.example.org'),
      originOf: () => Promise.resolve(undefined),
      localDomain: () => Promise.resolve('example.net'),
      close: () => undefined,
    };
    const { out } = await traceroute(`-q1 -m2 ${TARGET}`, { resolver });
    assert.equal(out, ' 1  edge (10.1.0.1)  4.000 ms\n 2  core.example.org (10.2.0.1)  8.000 ms\n');
  });
});

describe('traceroute: AS numbers', () => {
  const resolver = {
    resolve: () => Promise.reject(new Error('not asked')),
    nameOf: (address: string) => Promise.resolve(address === '10.1.0.1' ? 'edge.example.net' : undefined),
    originOf: (address: string) => Promise.resolve(address === '10.2.0.1' ? undefined : 64500),
    localDomain: () => Promise.resolve(''),
    close: () => undefined,
  };
  const run = (line: string) => traceroute(`${line} -q1 ${TARGET}`, { resolver });

  it('traceroute -a shows AS numbers', async () => {
    const { out, resolverOptions } = await run('-a');
    assert.equal(
      out,
      ' 1  [AS64500] edge.example.net (10.1.0.1)  4.000 ms\n' +
        ' 2  [AS0] 10.2.0.1 (10.2.0.1)  8.000 ms\n' +
        ` 3  [AS64500] ${TARGET} (${TARGET})  12.000 ms\n`,
    );
    assert.deepEqual(resolverOptions, {});
  });

  it('traceroute -a shows AS numbers with -n too', async () => {
    const { out } = await run('-an -m1');
    assert.equal(out, ' 1  [AS64500] 10.1.0.1  4.000 ms\n');
  });

  it('traceroute -A asks that whois server', async () => {
    const { out, resolverOptions } = await run('-n -m1 -A whois.example.net');
    assert.equal(out, ' 1  [AS64500] 10.1.0.1  4.000 ms\n');
    assert.deepEqual(resolverOptions, { whoisServer: 'whois.example.net' });
  });

  it('traceroute shows no AS numbers without -a and -A', async () => {
    const { out } = await run('-n -m1');
    assert.equal(out, ' 1  10.1.0.1  4.000 ms\n');
  });
});

describe('traceroute: exit status', () => {
  it('traceroute ends with status 0 though the target is not reached', async () => {
    const { status, out } = await traceroute(`-n -q1 -m1 ${TARGET}`, {
      path: pathTo({ udp_default: 'filtered' }),
    });
    assert.equal(status, 0);
    assert.equal(out, ' 1  10.1.0.1  4.000 ms\n');
  });
});
