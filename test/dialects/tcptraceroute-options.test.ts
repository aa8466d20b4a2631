/** Each option of tcptraceroute changes the probes and the run as it should: src/dialects/tcptraceroute-options.ts and tcptraceroute.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tcptracerouteOptions } from '../../src/dialects/tcptraceroute-options.ts';
import { optionName } from '../../src/dialects/option-table.ts';
import { decodeTcp } from '../../src/wire/tcp.ts';
import { mostInFlight, neighbour, PATH, tcptraceroute } from './run-command.ts';

const TARGET = PATH.dst.addr;
/** One hop, three probes. */
const ONE_HOP = `-n -m 1 ${TARGET}`;
const SELECTED = 'Selected device tun0, address 10.0.0.1, port 40000 for outgoing packets\n';

describe('tcptraceroute: what the defaults are', () => {
  it('tcptraceroute sends three SYN of 40 octets to port 80 for each TTL up to 30', async () => {
    const hops = Array.from({ length: 40 }, () => ({ addr: '10.1.0.1', silent: true }));
    const { probes, err, status, endMs } = await tcptraceroute(`-n ${TARGET}`, { path: { ...PATH, hops } });
    assert.equal(
      err,
      `${SELECTED}Tracing the path to ${TARGET} on TCP port 80 (http), 30 hops max\nDestination not reached\n`,
    );
    assert.equal(status, 1);
    for (let ttl = 1; ttl <= 30; ttl++) {
      assert.ok(probes.filter((probe) => probe.ttl === ttl).length >= 3, `TTL ${ttl}`);
    }
    // where nothing answers, the first hops are asked again: a rate limit or a firewall may be the reason
    assert.ok(probes.length <= 90 + 26, `${probes.length} probes`);
    for (const { flags, len, dport, tos, df, l4sum_ok: summed } of probes) {
      assert.deepEqual(
        { flags, len, dport, tos, df, summed },
        { flags: 2, len: 40, dport: 80, tos: 0, df: false, summed: true },
      );
    }
    assert.ok(endMs >= 4000);
  });

  it('tcptraceroute waits 4 s at most by default, so that a router can say that the target is down', async () => {
    const path = { ...PATH, hops: [{ addr: '10.1.0.1', silent: true }] };
    const { endMs } = await tcptraceroute(`-n -m1 ${TARGET}`, { path });
    assert.equal(endMs, 4000);
  });
});

describe('tcptraceroute: options that change every probe', () => {
  const rows: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['-S', { flags: 0x02 }],
    ['-A', { flags: 0x10 }],
    ['-SA', { flags: 0x12 }],
    ['-A -S', { flags: 0x12 }],
    ['-E', { flags: 0xc2 }],
    ['-SE', { flags: 0xc2 }],
    ['-AE', { flags: 0xd0 }],
    ['-SAE', { flags: 0xd2 }],
    ['-F', { df: true, off: 0x4000 }],
    ['-t 16', { tos: 16 }],
    ['-t 255', { tos: 255 }],
    ['-t 0', { tos: 0 }],
    ['-s 10.0.0.7', { src: '10.0.0.7' }],
    ['-i tun0', { src: '10.0.0.1' }],
    ['-i tun0 -s 10.0.0.7', { src: '10.0.0.7' }],
    ['-l 0', { len: 40 }],
    ['-l 40', { len: 40 }],
    ['-l 41', { len: 41 }],
    ['-l 1400', { len: 1400 }],
    ['-l 65535', { len: 65535 }],
  ];
  for (const [options, expected] of rows) {
    it(`tcptraceroute ${options} gives every probe ${JSON.stringify(expected)}`, async () => {
      const { probes } = await tcptraceroute(`${options} ${ONE_HOP}`);
      assert.equal(probes.length, 3);
      for (const probe of probes) {
        assert.deepEqual({ ...probe, ...expected }, probe);
        assert.ok(probe.ipsum_ok && probe.l4sum_ok);
      }
    });
  }

  it('tcptraceroute -A names a probe in both numbers, so that a RST tells which one it answers', async () => {
    const { datagrams } = await tcptraceroute(`-A ${ONE_HOP}`);
    const headers = datagrams.map(({ transport }) => decodeTcp(transport));
    for (const { sequenceNumber, acknowledgment } of headers) assert.equal(acknowledgment, sequenceNumber);
    assert.equal(new Set(headers.map(({ sequenceNumber }) => sequenceNumber)).size, 3);
  });

  it('tcptraceroute sends SYN probes that acknowledge nothing', async () => {
    const { datagrams } = await tcptraceroute(ONE_HOP);
    for (const { transport } of datagrams) assert.equal(decodeTcp(transport).acknowledgment, 0);
  });
});

describe('tcptraceroute: length', () => {
  /** The printable characters of ASCII from "!" to "}". */
  const PRINTABLE = String.fromCharCode(...Array.from({ length: 93 }, (_, index) => 0x21 + index));

  for (const line of [`-l 300 ${ONE_HOP}`, `${ONE_HOP} 80 300`, `-l 99 ${ONE_HOP} 80 300`]) {
    it(`tcptraceroute ${line} fills probes with printable characters`, async () => {
      const { datagrams, err } = await tcptraceroute(line);
      const text = String.fromCharCode(...(datagrams[0]?.transport.subarray(20) ?? []));
      assert.equal(text.slice(8), PRINTABLE.repeat(3).slice(8, 260));
      assert.match(text.slice(0, 8), /^[!-}]{8}$/); // drawn, lest a stranger know the checksum
      assert.match(err, /, 1 hops max, 300 byte packets$/m);
    });
  }

  for (const line of [`-l 40 ${ONE_HOP}`, `-l 0 ${ONE_HOP}`, `${ONE_HOP} 80 40`]) {
    it(`tcptraceroute ${line} tells no length, as there is no payload`, async () => {
      const { err } = await tcptraceroute(line);
      assert.equal(err.split('\n')[1], `Tracing the path to ${TARGET} on TCP port 80 (http), 1 hops max`);
    });
  }

  for (const line of [`-l 39 ${ONE_HOP}`, `-l 1 ${ONE_HOP}`, `${ONE_HOP} 80 30`]) {
    it(`tcptraceroute ${line} makes probes longer, with a warning`, async () => {
      const { err, probes } = await tcptraceroute(line);
      assert.ok(err.startsWith('Warning: Increasing packet length to 40 bytes\nSelected device'), err);
      assert.equal(probes[0]?.len, 40);
    });
  }
});

describe('tcptraceroute: TTLs, queries, waits', () => {
  const rows: readonly (readonly [string, readonly number[]])[] = [
    ['-m 2', [1, 1, 1, 2, 2, 2]],
    ['-f 2 -m 3', [2, 2, 2, 3, 3, 3]],
    ['-q 1 -m 2', [1, 2]],
    ['-q 4 -m 1', [1, 1, 1, 1]],
    ['-q1 -f255 -m255', [255]],
  ];
  for (const [options, ttls] of rows) {
    it(`tcptraceroute ${options} sends to the TTLs ${ttls.join()}`, async () => {
      const { probes } = await tcptraceroute(`-n ${options} ${TARGET}`);
      assert.deepEqual(
        probes.map(({ ttl }) => ttl),
        ttls,
      );
    });
  }

  const late = { ...PATH, hops: [{ addr: '10.1.0.1', delay: 1500 }] };
  for (const [wait, out] of [
    [1, ' 1  *\n'],
    [1.25, ' 1  *\n'],
    [1.75, ' 1  10.1.0.1  1500.000 ms\n'],
    [2, ' 1  10.1.0.1  1500.000 ms\n'],
  ] as const) {
    it(`tcptraceroute -w ${wait} waits exactly that long`, async () => {
      const run = await tcptraceroute(`-n -q1 -w ${wait} -m 1 ${TARGET}`, { path: late });
      assert.equal(run.out, out);
    });
  }

  it('tcptraceroute --fast sends everything at once', async () => {
    const { timesMs } = await tcptraceroute(`-n --fast -m 30 ${TARGET}`);
    assert.deepEqual(timesMs, new Array<number>(90).fill(0));
  });

  it('tcptraceroute --parallel 1 sends, waits, sends', async () => {
    const run = await tcptraceroute(`-n --parallel 1 ${TARGET}`);
    assert.deepEqual(run.timesMs, [0, 4, 8, 12, 20, 28, 36, 48, 60]);
    assert.equal(
      mostInFlight(run, (ttl) => ttl * 4),
      1,
    );
  });

  it('tcptraceroute --parallel 4 has at most four probes in flight', async () => {
    const hops = Array.from({ length: 20 }, () => ({ addr: '10.1.0.1', delay: 100 }));
    const run = await tcptraceroute(`-n --parallel 4 -m20 ${TARGET}`, { path: { ...PATH, hops } });
    assert.equal(
      mostInFlight(run, () => 100),
      4,
    );
  });
});

describe('tcptraceroute: ports', () => {
  const portText: readonly (readonly [string, number, string])[] = [
    ['', 80, '80 (http)'],
    ['443', 443, '443 (https)'],
    ['https', 443, '443 (https)'],
    ['smtp', 25, '25 (smtp)'],
    ['www', 80, '80 (http)'],
    ['65432', 65432, '65432'],
    ['0', 0, '0'],
    ['65535', 65535, '65535'],
  ];
  for (const [operand, port, text] of portText) {
    it(`tcptraceroute traces to port ${text} where ${operand === '' ? 'no port' : operand} is given`, async () => {
      const { probes, err } = await tcptraceroute(`${ONE_HOP} ${operand}`);
      assert.deepEqual(new Set(probes.map(({ dport }) => dport)), new Set([port]));
      assert.equal(err.split('\n')[1], `Tracing the path to ${TARGET} on TCP port ${text}, 1 hops max`);
    });
  }

  const sources = (datagrams: readonly { transport: Uint8Array }[]): number[] =>
    datagrams.map(({ transport }) => decodeTcp(transport).sourcePort);

  for (const options of ['', '--track-id', '--track-ipid', '--track-port --track-id', '-p 0', '-P 0']) {
    it(`tcptraceroute ${options === '' ? 'by default' : options} sends from one port of the system's choice`, async () => {
      const { datagrams, err } = await tcptraceroute(`${options} ${ONE_HOP}`);
      assert.deepEqual(sources(datagrams), [40000, 40000, 40000]);
      assert.ok(err.startsWith(SELECTED), err);
    });
  }

  for (const options of ['-p 4321', '-P 4321', '-p 1 -P 4321', '-P 1 -p 4321']) {
    it(`tcptraceroute ${options} sends from port 4321`, async () => {
      const { datagrams, err } = await tcptraceroute(`${options} ${ONE_HOP}`);
      assert.deepEqual(sources(datagrams), [4321, 4321, 4321]);
      assert.match(err, /^Selected device tun0, address 10\.0\.0\.1, port 4321 for outgoing packets\n/);
    });
  }

  it('tcptraceroute -p reserves the port, and gives it back', async () => {
    const log: string[] = [];
    await tcptraceroute(`-p 4321 ${ONE_HOP}`, {
      machine: {
        reservePort: (kind, _families, port) => {
          log.push(`${kind} ${port}`);
          return Promise.resolve({ port, release: () => void log.push('released') });
        },
      },
    });
    assert.deepEqual(log, ['tcp 4321', 'released']);
  });

  for (const options of ['-P 4321', '--track-port']) {
    it(`tcptraceroute ${options} reserves no port`, async () => {
      const { status } = await tcptraceroute(`${options} ${TARGET}`, {
        path: neighbour(),
        machine: { reservePort: () => Promise.reject(new Error('not asked')) },
      });
      assert.equal(status, 0);
    });
  }

  it('tcptraceroute --track-port has a port for each probe, and none in its first line', async () => {
    const { datagrams, err, out } = await tcptraceroute(`-n --track-port ${TARGET}`);
    const ports = sources(datagrams);
    assert.equal(new Set(ports).size, ports.length);
    assert.ok(err.startsWith('Selected device tun0, address 10.0.0.1 for outgoing packets\n'), err);
    assert.equal(
      out,
      ' 1  10.1.0.1  4.000 ms  4.000 ms  4.000 ms\n' +
        ' 2  10.2.0.1  8.000 ms  8.000 ms  8.000 ms\n' +
        ` 3  ${TARGET} [open]  12.000 ms  12.000 ms  12.000 ms\n`,
    );
  });

  for (const options of ['-p 4321 --track-port', '--track-port -P 4321']) {
    it(`tcptraceroute ${options} goes by the local port, with a warning`, async () => {
      const { datagrams, err } = await tcptraceroute(`${options} ${ONE_HOP}`);
      assert.ok(
        err.startsWith('Warning: --track-id implied by specifying the local source port\nSelected'),
        err,
      );
      assert.deepEqual(sources(datagrams), [4321, 4321, 4321]);
    });
  }
});

describe('tcptraceroute: ways to write the same', () => {
  const [first, ...others] = [
    `-n -q 1 -m 1 -l 50 -A ${TARGET} 443`,
    `-nAq1 -m1 -l50 ${TARGET} 443`,
    `${TARGET} 443 50 -nAq1 -m1`,
    `${TARGET} -nAq1 443 -m1 50`,
    `-nAq1 -m1 -l50 -- ${TARGET} 443`,
    `-nAq1 -m1 --track-id ${TARGET} https 50`,
    `-N -nAq1 -m1 -l50 ${TARGET} 443`,
  ];
  for (const other of others) {
    it(`tcptraceroute reads "${other}" as "${first}"`, async () => {
      const expected = await tcptraceroute(first);
      const { out, err, probes } = await tcptraceroute(other);
      assert.equal(expected.probes.length, 1);
      assert.deepEqual(
        { out, err, probes },
        { out: expected.out, err: expected.err, probes: expected.probes },
      );
    });
  }
});

describe('tcptraceroute: help', () => {
  it('tcptraceroute --help names every option', async () => {
    const { out, status, raw } = await tcptraceroute('--help');
    assert.equal(status, 0);
    assert.equal(raw, undefined);
    for (const row of tcptracerouteOptions) {
      assert.match(out, new RegExp(`(^|[ ,])${optionName(row)}[ ,]`, 'm'), optionName(row));
    }
  });

  it('tcptraceroute -h shows the usage and ends with status 1', async () => {
    const { out, err, status, raw } = await tcptraceroute('-h');
    assert.match(out, /^polytrace /);
    assert.match(err, /^Usage: tcptraceroute \[-46nNFSAE\] /);
    assert.equal(status, 1);
    assert.equal(raw, undefined);
  });

  for (const line of ['-v', '--version', `-nv ${TARGET}`]) {
    it(`tcptraceroute ${line} prints the version and sends nothing`, async () => {
      const { out, status, raw } = await tcptraceroute(line);
      assert.match(out, /^polytrace \d+\.\d+\.\d+\n$/);
      assert.equal(status, 0);
      assert.equal(raw, undefined);
    });
  }
});
