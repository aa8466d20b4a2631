/** Whole runs of --matrix over the simulated network. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportError } from '../../src/model/errors.ts';
import { withRefusals } from '../sim/faults.ts';
import type { PathFormat } from '../sim/path-format.ts';
import { tcptraceroute, traceroute } from '../dialects/run-command.ts';
import type { SimWorld, SimWorldOptions } from '../sim/sim-world.ts';
import { ALL, run, SHOP } from './shop.ts';

/** The verdicts that a run printed, as `PROBE STATE`. */
function statesIn(out: string): string[] {
  const [, verdicts = ''] = out.split('\n\n');
  return verdicts
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ +/).slice(0, 2).join(' '));
}

describe('traceroute --matrix', () => {
  it('prints table and verdicts', async () => {
    const { out, err, status } = await run(`--matrix ${ALL} shop.example`);
    assert.equal(
      out,
      `matrix to shop.example (198.51.100.7), 7 probes, 30 hops max
hop  responder                      icmp   udp/53  tcp/22  tcp/443  tcp/443:ack  gre   esp
  1  10.0.0.1                       0.4    0.4     0.4     0.4      0.4          0.4   0.4
  2  border.isp.example (10.9.0.1)  2.0    2.0     2.0     2.0      2.0          2.0   2.0
  3  203.0.113.9                    8.0    8.0     8.0     8.0      8.0          *     8.0
  4  198.51.100.20                  9.0    9.0     *       9.0      9.0          *     8.0 !X (3)
  5  198.51.100.7                   10.0   *       *       10.0     10.0         *     .

icmp         reached   echo reply from the target at hop 5 (high confidence)
tcp/443      open      SYN-ACK from the target at hop 5 (high confidence)
tcp/443:ack  reached   RST from the target at hop 5 (high confidence)
udp/53       silent    reaches hop 4 (198.51.100.20), the last router; lost there or at the target, which says nothing to this probe (high confidence)
tcp/22       dropped   between hop 3 (203.0.113.9) and hop 4 (198.51.100.20); icmp, udp/53, tcp/443 get an answer from hop 4 (high confidence)
gre          dropped   between hop 2 (10.9.0.1) and hop 3 (203.0.113.9); the other six get an answer from hop 3 (low confidence)
esp          rejected  by hop 3 (203.0.113.9): !X, administratively prohibited (high confidence)
`,
    );
    assert.equal(err, '');
    assert.equal(status, 3);
  });

  it('ends with 0 when all probes get through', async () => {
    const { out, status } = await run('--matrix icmp,tcp/443,tcp/80,udp -n shop.example');
    assert.deepEqual(statesIn(out), ['icmp reached', 'tcp/443 open', 'tcp/80 closed', 'udp closed']);
    assert.equal(status, 0);
  });

  it('is soon done: the target alone is waited for longer than others show', async () => {
    const { endMs } = await run('--matrix icmp,tcp/22,tcp/443,gre,esp -n shop.example');
    assert.ok(endMs < 1200, `${endMs} ms`);
    const patient = await run(`--matrix ${ALL} -n shop.example`);
    assert.ok(patient.endMs > 2000 && patient.endMs < 2600, `${patient.endMs} ms`);
    assert.ok((await run('--matrix icmp,tcp/443,udp -n shop.example')).endMs < 60);
  });

  it('waits for the last router to say that the target is down, and for no longer', async () => {
    const hops = [
      { addr: '10.1.0.1', delay: 4 },
      { addr: '10.1.0.1', delay: 3080, code: 1, drop: ['udp', 'tcp', 'icmp'] },
    ];
    const path: PathFormat = { src: '10.0.0.1', hops, dst: { addr: '10.99.0.1', delay: 8 } };
    const { out, endMs } = await traceroute('-n --matrix icmp,udp,tcp/443 10.99.0.1', { path });
    for (const probe of ['icmp', 'udp', 'tcp/443']) {
      assert.match(out, new RegExp(`^${probe} +host unreachable {2}`, 'm'));
    }
    assert.ok(endMs < 3300, `${endMs} ms`);
  });

  it('sends no more beyond the last answer than a router keeps while it looks for the target', async () => {
    const path: PathFormat = {
      src: '10.0.0.1',
      hops: [{ addr: '10.1.0.1', delay: 4, drop: ['udp', 'tcp', 'icmp', 'gre'] }],
      dst: { addr: '10.99.0.1', delay: 8 },
    };
    const argv = '-n --matrix icmp,udp,tcp/80,tcp/443,tcp/443:ack,gre 10.99.0.1';
    const { probes, timesMs, endMs } = await traceroute(argv, { path });
    const beyond = probes.filter(({ ttl }, index) => ttl > 1 && (timesMs[index] ?? 0) < 3300);
    assert.ok(beyond.length <= 256, `${beyond.length} probes`);
    assert.ok(endMs < 5000, `${endMs} ms`);
  });

  it('waits as long as -w says', async () => {
    const { endMs } = await run('--matrix icmp,gre,tcp/443,udp -n -w 2 shop.example');
    assert.ok(endMs >= 2000 && endMs < 4100, `${endMs} ms`);
  });

  it('explains with --explain', async () => {
    const { out } = await run('--matrix icmp,tcp/443,gre,udp,tcp/80 --explain -n shop.example');
    assert.match(
      out,
      /icmp +reached.*\ntcp\/443 +open.*\nudp +closed.*\n {4}2026-05-04T03:02:01Z: UDP from 192\.0\.2\.20 port \d+ to/,
    );
    assert.match(
      out,
      /\n {4}nftables: ip saddr 192\.0\.2\.20 ip daddr 198\.51\.100\.7 meta l4proto 47 accept\n(?: {4}nftables: .*\n)+ {4}pf: pass quick/,
    );
  });

  it('does not know how near the target is where it began beyond it', async () => {
    const { out } = await run('-n --matrix icmp,tcp/443 -f 7 shop.example');
    assert.match(out, /^icmp +reached +echo reply from the target at or before hop 7 /m);
  });

  it('asks whether a value that is no probe is the host', async () => {
    const { err, status } = await run('-n --matrix 10.3.0.1');
    assert.match(
      err,
      /10\.3\.0\.1: no such protocol \(if it is the host, name the probes before it: icmp,tcp\/443\)/,
    );
    assert.equal(status, 1);
  });

  it('waits for a target that takes longer to answer than routers do', async () => {
    const slow = { after: 4, kinds: ['tcp:443'], hops: [], dst: { ...SHOP.dst, delay: 1500 } } as const;
    const { out } = await run('-n --matrix icmp,tcp/80,tcp/443 shop.example', { ...SHOP, ways: [slow] });
    assert.match(out, /^tcp\/443 +open +SYN-ACK from the target/m);
  });

  it('shows rules with --rules', async () => {
    const line = '--matrix icmp,tcp/443,gre,udp,tcp/80 -n';
    for (const command of [traceroute, tcptraceroute]) {
      const { out } = await command(`${line} --rules aws,nft shop.example`, { path: SHOP });
      const below = /\ngre +dropped .*\n((?: {4}.*\n)+)/.exec(out)?.[1]?.split('\n') ?? [];
      assert.deepEqual(
        below.map((text) => text.slice(0, 26)),
        [
          '    aws: aws ec2 authorize',
          '    nftables: ip saddr 192',
          '    nftables: ip saddr 198',
          '    nftables: ip daddr 192',
          '',
        ],
      );
      assert.doesNotMatch(out, /\dZ: /);
    }
    const { out } = await run(`${line} --explain --rules ios shop.example`);
    assert.match(out, /has to allow\s+it:\n {4}ios: permit 47 host 192\.0\.2\.20 host 198\.51\.100\.7\n/);
    assert.doesNotMatch(out, /nftables:|pf:/);
  });

  it('hears an answer that names no probe', async () => {
    const { out, status } = await run('--matrix udp/7,icmp -n shop.example');
    assert.match(out, /^udp\/7 +open +answer from the target \(high confidence\)$/m);
    assert.equal(status, 0);
  });

  it('works for tcptraceroute', async () => {
    const { out, status } = await tcptraceroute('--matrix icmp,gre,tcp/443 -n shop.example', { path: SHOP });
    assert.deepEqual(statesIn(out), ['icmp reached', 'tcp/443 open', 'gre dropped']);
    assert.equal(status, 3);
  });

  it('works for IPv6', async () => {
    const path: PathFormat = {
      src: '192.0.2.20',
      src6: '2001:db8::20',
      hops: [1, 2, 3].map((hop) => ({
        addr: `10.${hop}.0.1`,
        addr6: `2001:db8:${hop}::1`,
        delay: hop,
        ...(hop === 2 ? { drop: 'gre', reject: { 'tcp:22': 1 } } : {}),
      })),
      dst: {
        addr: '198.51.100.7',
        addr6: '2001:db8:99::7',
        delay: 5,
        tcp: { 443: 'open' },
        udp: { 53: 'filtered' },
        udplite_default: 'closed',
      },
    };
    const { out } = await run(
      '--matrix icmp,udp,udp/53,tcp/22,tcp/443,gre,esp,udplite/9 -n 2001:db8:99::7',
      path,
    );
    assert.deepEqual(statesIn(out), [
      'icmp reached',
      'udp closed',
      'tcp/443 open',
      'esp reached',
      'udplite/9 closed',
      'udp/53 silent',
      'gre dropped',
      'tcp/22 rejected',
    ]);
    assert.match(
      out,
      /^tcp\/22 +rejected +by hop 2 \(2001:db8:2::1\): !X, administratively prohibited \(high confidence\)$/m,
    );
  });

  it('has each column answered beside others whose identifiers are longer, over IPv6', async () => {
    const hops = [1, 2, 3].map((hop) => ({
      addr: `10.${hop}.0.1`,
      addr6: `2001:db8:${hop}::1`,
      delay: hop,
      ...(hop === 1 ? { drop: 'udp:123' } : {}),
    }));
    const dst = { addr: '198.51.100.7', addr6: '2001:db8:99::7', delay: 4 };
    const path: PathFormat = {
      src: '192.0.2.20',
      src6: '2001:db8::20',
      hops,
      dst,
    };
    const { out } = await run('--matrix icmp,udp/123,udp -n 2001:db8:99::7', path);
    assert.deepEqual(statesIn(out), ['icmp reached', 'udp closed', 'udp/123 dropped']);
  });

  it('finds what resets from nearer than the target', async () => {
    const path: PathFormat = {
      ...SHOP,
      hops: SHOP.hops.map((hop, index) =>
        index === 2 ? { addr: hop.addr, delay: 8, reject: { 'tcp:22': 'rst' } } : hop,
      ),
    };
    const { out } = await run('--matrix icmp,tcp/22,tcp/443 -n shop.example', path);
    assert.match(
      out,
      /^tcp\/22 +rejected +reset by something at or before hop 4 \(the target is at hop 5\); 198\.51\.100\.20 answers icmp at hop 4 \(high confidence\)$/m,
    );
  });
});

describe('what a matrix sends', () => {
  it('is one flow a column', async () => {
    const { datagrams } = await run(`--matrix ${ALL},udp,sctp/5060,udplite/9 -n shop.example`);
    const flows = new Map<string, number>();
    for (const { protocol, transport } of datagrams) {
      const flow = `${protocol} ${transport.subarray(0, 4).join('.')}`;
      flows.set(flow, (flows.get(flow) ?? 0) + 1);
    }
    assert.equal(flows.size, 10);
  });

  it('takes turns among the columns', async () => {
    const { probes } = await run('--matrix icmp,udp,gre -n shop.example');
    assert.deepEqual(
      probes
        .filter(({ ttl }) => ttl < 30)
        .slice(0, 9)
        .map(({ proto, ttl }) => [proto, ttl]),
      [1, 17, 47, 1, 17, 47, 1, 17, 47].map((protocol) => [protocol, 1]),
    );
  });

  for (const hops of [6, 10, 15]) {
    it(`is at most 250 packets for eight probes over ${hops} hops, and three beyond the target`, async () => {
      const routers = Array.from({ length: hops - 1 }, (_, at) => ({
        addr: `10.${at + 1}.0.1`,
        delay: 4 * at,
      }));
      const dst = { addr: '198.51.100.7', delay: 4 * hops, tcp_default: 'open' } as const;
      const { probes } = await run(
        '--matrix icmp,udp,tcp/22,tcp/80,tcp/443,tcp/443:ack,gre,esp -n 198.51.100.7',
        {
          src: '192.0.2.20',
          hops: routers,
          dst,
        },
      );
      assert.ok(probes.length <= 250, `${probes.length} packets`);
      assert.ok(probes.filter(({ ttl }) => ttl > hops).length <= 3);
    });
  }

  it('goes no further than a little beyond the target', async () => {
    const { probes } = await run('--matrix icmp,udp/53,gre -n --parallel 4 shop.example');
    assert.ok(probes.filter(({ ttl }) => ttl > 5).length <= 3);
  });

  it('never repeats an identification in a column, retries included', async () => {
    const path = { ...SHOP, hops: SHOP.hops.map((hop) => ({ ...hop, loss: 0.3 })) };
    const { datagrams } = await run('--matrix icmp,gre,tcp/22 -n shop.example', path);
    for (const wanted of [1, 6, 47]) {
      const seen = datagrams
        .filter(({ protocol }) => protocol === wanted)
        .map(({ octets }) => ((octets[4] ?? 0) << 8) | (octets[5] ?? 0));
      assert.ok(seen.length > 9);
      assert.equal(new Set(seen).size, seen.length);
    }
  });

  it('respects -z over all columns', async () => {
    const { timesMs } = await run('--matrix icmp,udp -n -z 10 -q 1 shop.example');
    const elapsed = (timesMs.at(-1) ?? 0) - (timesMs[0] ?? 0);
    assert.ok(elapsed >= 10 * (timesMs.length - 2), `${elapsed} ms for ${timesMs.length} probes`);
  });
});

describe('retries', () => {
  it('tell a filter from a router that limits its rate', async () => {
    const limited = { ...SHOP, hops: SHOP.hops.map((hop) => ({ ...hop, bucket: [1, 6] as const })) };
    const columns = `${ALL},udp,tcp/80,tcp/8080,sctp/5060,udplite/9`;
    const { out } = await run(`--matrix ${columns} -n shop.example`, limited);
    const lines = out.split('\n').filter((line) => / dropped /.test(line));
    assert.deepEqual(
      lines.map((line) => line.replace(/;.*/, '').replace(/ +/g, ' ')),
      [
        'tcp/22 dropped between hop 3 (203.0.113.9) and hop 4 (198.51.100.20)',
        'gre dropped between hop 2 (10.9.0.1) and hop 3 (203.0.113.9)',
      ],
    );
  });
});

describe('what goes wrong', () => {
  it('is a verdict where this machine does not send', async () => {
    const wrap: SimWorldOptions['wrap'] = (transport) =>
      withRefusals(transport, ({ protocol }) => {
        const error = new TransportError('EPERM', 'Operation not permitted');
        return protocol === 47 ? { status: 'failed', error } : undefined;
      });
    const { out, status } = await run('--matrix icmp,gre -n shop.example', SHOP, { wrap });
    assert.match(out, /^gre +blocked here +at hop 0, .*: Operation not permitted \(EPERM\)$/m);
    assert.match(out, /^ {2}1 {2}10\.0\.0\.1 +0\.4 +\.$/m);
    assert.equal(status, 3);
  });

  for (const [line, message] of [
    [
      '--matrix tcp/1-1024 shop.example',
      'traceroute: --matrix tcp/1-1024: 1024 columns, at most 256 (name the ports that matter)\n',
    ],
    ['--explain shop.example', 'traceroute: --explain: there are no verdicts without --matrix\n'],
    ['--matrix icmp nowhere.example', 'traceroute: unknown host nowhere.example\n'],
    ['--matrix icmp 198.51.100.7 30', 'traceroute: packet length must be > 47\n'],
  ] as const) {
    it(`is said in one line: ${line}`, async () => {
      const { out, err, status, probes } = await run(line);
      assert.deepEqual([out, err, status, probes.length], ['', message, 1, 0]);
    });
  }

  it('is said for tcptraceroute, whose probes have ports of their own', async () => {
    const port = await tcptraceroute('--matrix icmp shop.example 443', { path: SHOP });
    assert.deepEqual(
      [port.err, port.status],
      ['destination port 443: the probes of --matrix name their own (write tcp/443)\n', 1],
    );
    const local = await tcptraceroute('--matrix icmp -p 4000 shop.example', { path: SHOP });
    assert.match(local.err, /each probe has a local port of its own/);
    assert.equal(local.status, 1);
  });

  /** A run that is interrupted so long after its first probe: loading takes no virtual time, but some. */
  function interrupted(afterMs: number, path: PathFormat, option = '') {
    let world: SimWorld | undefined;
    return traceroute(`--matrix ${ALL} ${option} -n shop.example`, {
      path,
      prepare: (sim) => {
        world = sim;
      },
      wrap: (transport, clock) =>
        withRefusals(transport, (_datagram, count) => {
          if (count === 0) world?.signalAt(clock.nowMs() + afterMs);
          return undefined;
        }),
    });
  }

  it('is Ctrl-C: what is proved is shown, and nothing is judged that was not finished', async () => {
    const { out, status } = await interrupted(100, SHOP, '--explain');
    const states = statesIn(out).filter((line) => !line.startsWith(' '));
    assert.deepEqual(states, [
      'icmp reached',
      'tcp/443 open',
      'tcp/443:ack reached',
      'esp rejected',
      'udp/53 unknown',
      'tcp/22 unknown',
      'gre unknown',
    ]);
    assert.match(out, /^gre +unknown +interrupted; got as far as hop 2 \(10\.9\.0\.1\)$/m);
    const rules = [...out.matchAll(/^ {4}nftables: .*$/gm)];
    assert.equal(rules.length, 2, 'those of what is rejected, and of the answers to it');
    assert.equal(status, 'SIGINT');
  });

  it('is Ctrl-C: with --json, the document of what is there is written', async () => {
    const { out, status, probes } = await interrupted(100, SHOP, '--json');
    const { matrix } = JSON.parse(out) as {
      matrix: { columns: readonly unknown[]; interrupted: boolean; packets: number };
    }; // by formats/matrix-json.ts
    assert.deepEqual([matrix.columns.length, matrix.interrupted], [7, true]);
    assert.equal(matrix.packets, probes.length);
    assert.equal(status, 'SIGINT');
  });

  it('is Ctrl-C between two rounds, too', async () => {
    const limited = { ...SHOP, hops: SHOP.hops.map((hop) => ({ ...hop, bucket: [1, 6] as const })) };
    const { endMs, status, out } = await interrupted(700, limited);
    assert.ok(endMs < 1300, `${endMs} ms`);
    assert.ok(!statesIn(out).some((line) => / (?:dropped|silent)$/.test(line)));
    assert.equal(status, 'SIGINT');
  });
});
