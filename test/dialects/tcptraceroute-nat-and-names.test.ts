/** tcptraceroute tells of rewritten destinations and of names: src/render/translation.ts and responder-text.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withFault } from '../sim/faults.ts';
import { PATH, tcptraceroute, type RunOptions } from './run-command.ts';

const TARGET = PATH.dst.addr;

describe('tcptraceroute: destinations that are rewritten', () => {
  const translated = (dnat: string): RunOptions => ({
    path: {
      ...PATH,
      hops: [PATH.hops[0], { addr: '10.2.0.1', delay: 8, dnat }, { addr: '10.3.0.1', delay: 10 }],
    },
  });
  const end = ` 4  ${TARGET} [open]  12.000 ms\n`;
  for (const [dnat, text] of [
    ['192.168.7.7', '192.168.7.7'],
    ['192.168.7.7:8080', '192.168.7.7:8080'],
    [`${TARGET}:8080`, `${TARGET}:8080`],
  ] as const) {
    const options = (line: string) => tcptraceroute(`-nq1 ${line} ${TARGET}`, { ...translated(dnat) });

    it(`tcptraceroute --dnat shows a destination rewritten to ${text}`, async () => {
      const { out } = await options('--dnat -m3');
      assert.equal(
        out,
        ` 1  10.1.0.1  4.000 ms\n      Detected DNAT to ${text}\n 2  10.2.0.1  8.000 ms\n 3  10.3.0.1  10.000 ms\n`,
      );
    });

    for (const line of ['', '--no-dnat', '--dnat --no-dnat']) {
      it(`tcptraceroute ${line === '' ? 'by default' : line} accepts silently a destination rewritten to ${text}`, async () => {
        const { out } = await options(`${line} -m3`);
        assert.equal(out, ' 1  10.1.0.1  4.000 ms\n 2  10.2.0.1  8.000 ms\n 3  10.3.0.1  10.000 ms\n');
      });
    }

    it(`tcptraceroute --no-dnat-strict ignores a destination rewritten to ${text}`, async () => {
      const { out } = await options('--no-dnat-strict -w1 -m3');
      assert.equal(out, ' 1  10.1.0.1  4.000 ms\n 2  *\n 3  *\n');
    });
  }

  it('tcptraceroute --dnat says nothing where the target answers', async () => {
    const { out } = await tcptraceroute(`-nq1 --dnat -f4 ${TARGET}`, translated('192.168.7.7'));
    assert.equal(out, end);
  });

  it('tcptraceroute --dnat tells each new destination once', async () => {
    const hops = [
      { addr: '10.1.0.1', delay: 4, dnat: '192.168.7.7' },
      { addr: '10.2.0.1', delay: 8 },
      { addr: '10.3.0.1', delay: 10, dnat: '192.168.8.8' },
    ];
    const { out } = await tcptraceroute(`-nq2 --dnat -m3 ${TARGET}`, { path: { ...PATH, hops } });
    assert.equal(
      out,
      '      Detected DNAT to 192.168.7.7\n 1  10.1.0.1  4.000 ms  4.000 ms\n' +
        ' 2  10.2.0.1  8.000 ms  8.000 ms\n' +
        '      Detected DNAT to 192.168.8.8\n 3  10.3.0.1  10.000 ms  10.000 ms\n',
    );
  });

  it('tcptraceroute --dnat interrupts a line that was begun', async () => {
    let count = 0;
    const { out } = await tcptraceroute(`-n --dnat -m2 -w1 ${TARGET}`, {
      ...translated('192.168.7.7'),
      // the first of the second hop
      wrap: (transport, clock) =>
        withFault(transport, clock, (datagram) => (++count === 4 ? [] : [{ datagram, afterMs: 0 }])),
    });
    assert.equal(
      out,
      ' 1  10.1.0.1  4.000 ms  4.000 ms  4.000 ms\n' +
        ' 2  *\n      Detected DNAT to 192.168.7.7\n     10.2.0.1 8.000 ms  8.000 ms\n',
    );
  });
});

describe('tcptraceroute: names', () => {
  const names = {
    '1.0.1.10.in-addr.arpa/PTR': ['edge.example.net'],
    '1.100.51.198.in-addr.arpa/PTR': ['core.example.net'],
    '1.0.99.10.in-addr.arpa/PTR': ['target.example.org'],
    'target.example.org/A': [TARGET],
  };
  const hops = [PATH.hops[0], { addr: '198.51.100.1', delay: 8 }];
  const path = { ...PATH, hops, dns: { addr: '10.0.0.53', names } };
  const rows: readonly (readonly [string, string, string, string])[] = [
    ['', '10.1.0.1', 'core.example.net (198.51.100.1)', TARGET],
    [
      '-N',
      'edge.example.net (10.1.0.1)',
      'core.example.net (198.51.100.1)',
      `target.example.org (${TARGET})`,
    ],
    ['-n', '10.1.0.1', '198.51.100.1', TARGET],
    ['-N -n', '10.1.0.1', '198.51.100.1', TARGET],
  ];
  for (const [options, first, second, third] of rows) {
    it(`tcptraceroute ${options === '' ? 'by default' : options} shows the router at 10.1.0.1 as ${first}`, async () => {
      const { out, resolverOptions } = await tcptraceroute(`${options} -q1 ${TARGET}`, { path });
      assert.equal(out, ` 1  ${first}  4.000 ms\n 2  ${second}  8.000 ms\n 3  ${third} [open]  12.000 ms\n`);
      assert.equal(resolverOptions === undefined, options.includes('n'));
    });
  }

  it('tcptraceroute names the target as the user did', async () => {
    const { err } = await tcptraceroute('-q1 target.example.org 443', { path });
    assert.match(
      err,
      /\nTracing the path to target\.example\.org \(10\.99\.0\.1\) on TCP port 443 \(https\), 30 hops max\n/,
    );
  });
});
