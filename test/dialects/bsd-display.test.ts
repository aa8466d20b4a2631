/** BSD traceroute prints more than addresses and times: src/render/bsd.ts, foreign-text.ts, octets.ts and translation.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { octetsOf } from '../../src/model/address.ts';
import { encodeIcmpv4 } from '../../src/wire/icmpv4.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { withFault, type Fault } from '../sim/faults.ts';
import { echoProbe, tcpProbe } from '../sim/make-probe.ts';
import { hexOf } from '../support/hex.ts';
import { neighbour, PATH, pathTo, traceroute, type Run } from './run-command.ts';

const TARGET = PATH.dst.addr;

/** Runs with a datagram that arrives so long after the first probe. */
function withArrival(line: string, octets: Uint8Array, atMs = 2): Promise<Run> {
  return traceroute(line, {
    prepare: (world) => {
      world.clock.schedule(atMs, () => world.transport?.deliver(octets));
    },
  });
}

/** The network brings a datagram together with each one that arrives from this address, right behind it. */
function withCompany(line: string, from: string, octets: Uint8Array): Promise<Run> {
  return traceroute(line, {
    wrap: (transport) => ({
      name: transport.name,
      send: (datagram) => transport.send(datagram),
      receive: () =>
        transport
          .receive()
          .flatMap((each) =>
            each.source === from ? [each, { ...each, source: '10.3.3.3', octets }] : [each],
          ),
      onReadable: (callback) => {
        transport.onReadable(callback);
      },
      close: () => {
        transport.close();
      },
    }),
  });
}

/** An ICMP message from a stranger, of these octets. */
function icmpOf(transport: Uint8Array): Uint8Array {
  const addresses = { source: octetsOf('10.3.3.3'), destination: octetsOf(PATH.src) };
  const header = {
    ...addresses,
    tos: 0,
    identification: 1,
    dontFragment: false,
    ttl: 60,
    protocol: 1,
    options: new Uint8Array(),
  };
  return encodeIpv4(header, transport);
}

describe('traceroute: -v', () => {
  it('traceroute -v shows the length of a reply and the address that it was sent to', async () => {
    const { out } = await traceroute(`-nv -q2 -s 10.0.0.7 -m1 ${TARGET}`);
    assert.equal(out, ` 1  10.1.0.1 48 bytes to 10.0.0.7  4.000 ms  4.000 ms\n`);
  });

  it('traceroute -v shows the length of an answer too', async () => {
    const { out } = await traceroute(`-nv -q1 -I ${TARGET}`, { path: neighbour() });
    assert.equal(out, ` 1  ${TARGET} 28 bytes to 10.0.0.1  4.000 ms\n`);
  });

  it('traceroute -v shows other ICMP that arrives', async () => {
    const echo = echoProbe({ source: '10.3.3.3', destination: PATH.src, length: 10 });
    const { out } = await withArrival(`-nv -q1 -m1 ${TARGET}`, echo);
    assert.equal(
      out,
      ' 1\n18 bytes from 10.3.3.3 to 10.0.0.1: icmp type 8 (Echo) code 0\n' +
        ' 4: 00000000\n 8: 00000000\n' +
        ' 10.1.0.1 48 bytes to 10.0.0.1  4.000 ms\n',
    );
  });

  const message = icmpOf(encodeIcmpv4({ type: 9, code: 0, rest: 0, body: new Uint8Array() }));
  const shown = '\n8 bytes from 10.3.3.3 to 10.0.0.1: icmp type 9 (ICMP 9) code 0\n';
  const lineOf = (address: string, ms: number) => ` ${address} 48 bytes to 10.0.0.1  ${ms}.000 ms`;

  it('traceroute -v breaks the line of the hop that is waited for, not that of the first', async () => {
    const { out } = await withArrival(`-nv -q1 -f2 ${TARGET}`, message, 6);
    assert.equal(out, ` 2${shown}${lineOf('10.2.0.1', 8)}\n 3 ${lineOf(TARGET, 12)}\n`);
    const later = await withArrival(`-nv -q1 ${TARGET}`, message, 13);
    assert.equal(
      later.out,
      ` 1 ${lineOf('10.1.0.1', 4)}\n 2 ${lineOf('10.2.0.1', 8)}\n 3${shown}${lineOf(TARGET, 12)}\n`,
    );
  });

  it('traceroute -v breaks a line between two times', async () => {
    const { out } = await withCompany(`-nv -q2 -m1 ${TARGET}`, '10.1.0.1', message);
    assert.equal(out, ` 1 ${lineOf('10.1.0.1', 4)}${shown}  4.000 ms\n${shown}`);
  });

  it('traceroute -v begins no line after that of the target, nor after the largest TTL', async () => {
    const reached = await withCompany(`-nv -q1 ${TARGET}`, TARGET, message);
    assert.ok(reached.out.endsWith(` 3 ${lineOf(TARGET, 12)}\n${shown}`), reached.out);
    const { out } = await withCompany(`-nv -q1 -m1 ${TARGET}`, '10.1.0.1', message);
    assert.equal(out, ` 1 ${lineOf('10.1.0.1', 4)}\n${shown}`);
  });

  for (const [type, name] of [
    [0, 'Echo Reply'],
    [1, 'ICMP 1'],
    [4, 'Source Quench'],
    [5, 'Redirect'],
    [9, 'ICMP 9'],
    [12, 'Param Problem'],
    [13, 'Timestamp'],
    [16, 'Info Reply'],
    [17, 'OUT-OF-RANGE'],
    [255, 'OUT-OF-RANGE'],
  ] as const) {
    it(`traceroute -v calls ICMP type ${type} "${name}"`, async () => {
      const message = encodeIcmpv4({ type, code: 7, rest: 0, body: Uint8Array.of(1, 2, 3, 0xff) });
      const { out } = await withArrival(`-nv -q1 -m1 ${TARGET}`, icmpOf(message));
      const line = ` 1\n12 bytes from 10.3.3.3 to 10.0.0.1: icmp type ${type} (${name}) code 7\n 4: 010203ff\n`;
      assert.ok(out.startsWith(`${line} 10.1.0.1 `), out);
    });
  }

  it('traceroute -v says that a packet is too short', async () => {
    const { out } = await withArrival(`-nv -q1 -m1 ${TARGET}`, icmpOf(Uint8Array.of(11, 0, 0, 0)));
    assert.match(out, /^ 1 packet too short \(\d+ bytes\) from 10\.3\.3\.3\n 10\.1\.0\.1 /);
  });

  it('traceroute -v is silent about segments of other programs', async () => {
    const segment = tcpProbe({ source: '10.3.3.3', destination: PATH.src });
    const { out } = await withArrival(`-nv -q1 -m1 -P tcp ${TARGET}`, segment);
    assert.equal(out, ' 1  10.1.0.1 48 bytes to 10.0.0.1  4.000 ms\n');
  });

  for (const [name, octets] of [
    ['other ICMP', echoProbe({ source: '10.3.3.3', destination: PATH.src })],
    ['a packet that is too short', icmpOf(Uint8Array.of(11))],
  ] as const) {
    it(`traceroute without -v does not show ${name}`, async () => {
      const { out } = await withArrival(`-n -q1 -m1 ${TARGET}`, octets);
      assert.equal(out, ' 1  10.1.0.1  4.000 ms\n');
    });
  }
});

describe('traceroute: -vv', () => {
  for (const length of [28, 35, 60]) {
    it(`traceroute -vv dumps the ${length} octets of a probe`, async () => {
      const { out, datagrams } = await traceroute(`-nvv -q1 -m1 ${TARGET} ${length}`);
      const words = hexOf(datagrams[0]?.octets ?? new Uint8Array()).match(/.{1,4}/g) ?? [];
      const lines = Array.from({ length: Math.ceil(words.length / 8) }, (_, line) =>
        words.slice(line * 8, line * 8 + 8).join(' '),
      );
      const dump = `[ ${length} bytes${lines.map((line) => `\n\t ${line}`).join('')}]\n`;
      assert.equal(out, ` 1 ${dump} 10.1.0.1 ${28 + length - 20} bytes to 10.0.0.1  4.000 ms\n`);
    });
  }
});

describe('traceroute: -D', () => {
  it('traceroute -D shows unchanged octets as "__"', async () => {
    const { out, datagrams } = await traceroute(`-nD -m2 ${TARGET}`);
    const [first, second] = datagrams.map(({ octets }) => hexOf(octets));
    const key = 'vhtslen id  off tlprsum srcip   dstip   spt dpt len sum';
    const lines = out.split('\n');
    assert.deepEqual(lines.slice(0, 6), [
      ' 1  10.1.0.1  4.000 ms',
      key,
      first,
      '__'.repeat(40),
      '',
      ' 2  10.2.0.1  8.000 ms',
    ]);
    assert.deepEqual(lines.slice(6, 8), [key, second]);
    // the TTL went from 2 to 1, and the header checksum with it
    assert.match(lines[8] ?? '', /^_{16}01__([0-9a-f]{2}|__){2}_{56}$/);
    assert.deepEqual(lines.slice(9), ['', '']);
  });

  for (const [probe, key] of [
    ['udplite', 'spt dpt cov sum'],
    ['icmp', 'typ cod sum '],
    ['tcp', 'spt dpt seq     ack     xxflwin sum urp'],
    ['sctp', 'spt dpt vtag    crc     tyfllen tyfllen '],
    ['gre', 'flg pro len clid'],
    ['99', ''],
  ] as const) {
    it(`traceroute -D names the fields of ${probe}`, async () => {
      const { out } = await traceroute(`-nD -m1 -P ${probe} ${TARGET}`);
      assert.equal(out.split('\n')[1], `vhtslen id  off tlprsum srcip   dstip   ${key}`);
    });
  }

  it('traceroute -D names the options of a source route', async () => {
    const { out } = await traceroute(`-nD -m1 -g 10.5.0.1 ${TARGET}`);
    assert.equal(
      out.split('\n')[1],
      'vhtslen id  off tlprsum srcip   dstip   opts            spt dpt len sum',
    );
  });

  it('traceroute -D has nothing to compare with an answer', async () => {
    const { out, datagrams } = await traceroute(`-nDI ${TARGET}`, { path: neighbour() });
    const lines = out.split('\n');
    assert.equal(lines[0], ` 1  ${TARGET}  4.000 ms`);
    assert.equal(lines[2], hexOf(datagrams[0]?.octets ?? new Uint8Array()));
    assert.equal(lines[3], '');
  });

  it('traceroute -D compares each probe of a hop with its own reply', async () => {
    const { out } = await traceroute(`-nD -q2 -m1 ${TARGET}`);
    assert.equal(out.match(/^vhtslen /gm)?.length, 2);
    assert.match(out, /\n_{80}\n {2}4\.000 ms\n/);
  });
});

describe('traceroute: -E', () => {
  const rows: readonly (readonly [string, object, string])[] = [
    ['keeps it', {}, 'passed'],
    ['clears it', { ecn: 'bleach' }, 'bleached'],
    ['marks congestion', { ecn: 'mark' }, 'congested'],
    ['makes it ECT(0)', { tos: 2 }, 'mangled'],
  ];
  for (const [name, hop, word] of rows) {
    it(`traceroute -E says "${word}" where the way to a hop ${name}`, async () => {
      const hops = [{ addr: '10.1.0.1', delay: 4, ...hop }];
      const { out } = await traceroute(`-nE -q2 -m1 ${TARGET}`, { path: { ...PATH, hops } });
      assert.equal(out, ` 1  10.1.0.1  4.000 ms (ecn=${word})  4.000 ms (ecn=${word})\n`);
    });
  }

  it('traceroute -E shows the ECN field before the letters of an error', async () => {
    const hops = [{ addr: '10.1.0.1', delay: 4, code: 13 }];
    const { out } = await traceroute(`-nE -q1 ${TARGET}`, { path: { ...PATH, hops } });
    assert.equal(out, ' 1  10.1.0.1  4.000 ms (ecn=passed) !X\n');
  });

  it('traceroute -E shows no ECN field for an answer, which quotes nothing', async () => {
    const { out } = await traceroute(`-nEI -q1 ${TARGET}`, { path: neighbour() });
    assert.equal(out, ` 1  ${TARGET}  4.000 ms\n`);
  });
});

describe('traceroute: -S', () => {
  const silent = { addr: '10.2.0.1', silent: true };
  const hops = [PATH.hops[0], silent];
  it('traceroute -S shows losses of 0 and 100 per cent', async () => {
    const { out } = await traceroute(`-nS -q1 -w1 ${TARGET}`, { path: { ...PATH, hops } });
    assert.equal(
      out,
      ` 1  10.1.0.1  4.000 ms (0% loss)\n 2  * (100% loss)\n 3  ${TARGET}  12.000 ms (0% loss)\n`,
    );
  });

  for (const [lost, percent] of [
    [1, 33],
    [2, 66],
  ] as const) {
    it(`traceroute -S rounds ${lost} of 3 probes down to ${percent} per cent`, async () => {
      let received = 0;
      const loseFirst: Fault = (datagram) => (received++ < lost ? [] : [{ datagram, afterMs: 0 }]);
      const { out } = await traceroute(`-nS -w1 -m1 ${TARGET}`, {
        wrap: (transport, clock) => withFault(transport, clock, loseFirst),
      });
      const stars = ' *'.repeat(lost);
      const times = '  4.000 ms'.repeat(3 - lost);
      assert.equal(out, ` 1 ${stars} 10.1.0.1${times} (${percent}% loss)\n`);
    });
  }
});

describe('traceroute: the target', () => {
  it('traceroute marks a target whose reply came back with a TTL of at most 1', async () => {
    const { out } = await traceroute(`-n -q1 -f3 ${TARGET}`, { path: pathTo({ reply_ttl: 1 }) });
    assert.equal(out, ` 3  ${TARGET}  12.000 ms !\n`);
  });
});

describe('traceroute: --dnat', () => {
  const hops = [PATH.hops[0], { addr: '10.2.0.1', delay: 8, dnat: '192.168.7.7' }];
  const rows: readonly (readonly [string, string])[] = [
    [
      '--dnat',
      ' 1  10.1.0.1  4.000 ms\n      Detected DNAT to 192.168.7.7\n 2  10.2.0.1  8.000 ms\n' +
        ` 3  ${TARGET}  12.000 ms\n`,
    ],
    ['--no-dnat', ` 1  10.1.0.1  4.000 ms\n 2  10.2.0.1  8.000 ms\n 3  ${TARGET}  12.000 ms\n`],
    ['--no-dnat-strict -w1 -m3', ' 1  10.1.0.1  4.000 ms\n 2  *\n 3  *\n'],
  ];
  for (const [options, expected] of rows) {
    it(`traceroute ${options} treats a rewritten destination as the option says`, async () => {
      const { out } = await traceroute(`-nq1 ${options} ${TARGET}`, { path: { ...PATH, hops } });
      assert.equal(out, expected);
    });
  }
});
