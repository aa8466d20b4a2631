/** Covers matrices of many columns and of several flows: what is sent, how fast, and what is told of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PathFormat } from '../sim/path-format.ts';
import { traceroute } from '../dialects/run-command.ts';
import { run } from './shop.ts';

/** The most probes that left within one second. */
function mostInASecond(timesMs: readonly number[]): number {
  let [first, most] = [0, 0];
  for (const [index, atMs] of timesMs.entries()) {
    while ((timesMs[first] ?? atMs) <= atMs - 1000) first++;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** Source and destination port of a datagram. */
function portsOf({ transport }: { readonly transport: Uint8Array }): { source: number; destination: number } {
  const view = new DataView(transport.buffer, transport.byteOffset);
  return { source: view.getUint16(0), destination: view.getUint16(2) };
}

const SIX: PathFormat = {
  src: '192.0.2.20',
  src6: '2001:db8::20',
  hops: [1, 2, 3].map((hop) => ({ addr: `10.${hop}.0.1`, addr6: `2001:db8:${hop}::1`, delay: hop })),
  dst: { addr: '198.51.100.7', addr6: '2001:db8:ffff::7', delay: 5, tcp: { 443: 'open' } },
};

describe('a matrix of 256 columns', () => {
  it('tells each port of a range, in as few lines as there are verdicts', async () => {
    const { out, endMs } = await run('--matrix tcp/1-256 -n shop.example');
    const [, verdicts = ''] = out.split('\n\n');
    assert.deepEqual(
      verdicts
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/(from|between) .*/, '$1')),
      ['tcp/1-21    closed    RST from', 'tcp/23-256  closed    RST from', 'tcp/22      dropped   between'],
    );
    assert.ok(endMs < 8000, `${endMs} ms`);
  });

  it('has each by itself in JSON', async () => {
    const { out } = await run('--matrix tcp/1-256 --json -n shop.example');
    const { matrix } = JSON.parse(out) as { matrix: { columns: string[]; verdicts: { probe: string }[] } }; // as --json has it
    assert.deepEqual([matrix.columns.length, matrix.verdicts.length], [256, 256]);
    assert.equal(matrix.verdicts[21]?.probe, 'tcp/22');
  });

  it('sends at a polite pace, and one probe a hop unless -q asks for more', async () => {
    const { probes, timesMs } = await run('--matrix tcp/100-355 -n shop.example');
    assert.ok(mostInASecond(timesMs) <= 520, `${mostInASecond(timesMs)} in a second`);
    assert.ok(probes.length < 256 * 8, `${probes.length} probes`);
    const more = await run('--matrix tcp/100-355 -q 2 -n shop.example');
    assert.ok(more.probes.length > 256 * 9, `${more.probes.length} probes`);
  });

  it('ends within bounds where nothing answers beyond a hop', async () => {
    const path: PathFormat = {
      src: '10.0.0.1',
      hops: [{ addr: '10.1.0.1', delay: 4, drop: ['tcp', 'icmp'] }],
      dst: { addr: '10.99.0.1', delay: 8 },
    };
    const { out, endMs, probes } = await traceroute('-n --matrix icmp,tcp/1-255 10.99.0.1', { path });
    assert.match(out, /^tcp\/1-255 +unknown/m);
    assert.ok(endMs < 60_000, `${endMs} ms`);
    assert.ok(probes.length < 256 * 50, `${probes.length} probes`);
  });

  it('learns of the target from other kinds of probes first, wherever they stand', async () => {
    const { out, probes } = await run('--matrix gre/1-200,icmp -n shop.example');
    assert.match(out, /^gre\/1-200 +dropped +between hop 2/m);
    const far = probes.filter(({ ttl }) => ttl > 16);
    assert.equal(far.length, 1, 'only what goes ahead to find the target');
  });

  it('tells flows apart that count up in 16 bits', async () => {
    const { out } = await traceroute('--matrix gre,icmp --flows 128 -n 198.51.100.7', { path: SIX });
    assert.match(out, /^gre +reached +in all 128 flows: protocol unreachable from the target/m);
    const { err } = await run('--matrix gre --flows 256 -q 5 -n shop.example');
    assert.match(
      err,
      /^traceroute: --matrix: 256 columns of 150 probes each could not be told apart \(name fewer/,
    );
  });
});

describe('several flows of a probe', () => {
  it('leave from source ports of their own, each the same at all hops', async () => {
    const { datagrams, out } = await run('--matrix tcp/443,udp/53 --flows 8 -n shop.example');
    for (const protocol of [6, 17]) {
      const ports = datagrams.filter((datagram) => datagram.protocol === protocol).map(portsOf);
      assert.equal(new Set(ports.map(({ source }) => source)).size, 8);
      assert.equal(new Set(ports.map(({ destination }) => destination)).size, 1);
      for (const port of new Set(ports.map(({ source }) => source))) {
        assert.ok(ports.filter(({ source }) => source === port).length >= 5, 'a flow goes to every hop');
      }
    }
    assert.match(out, /^tcp\/443 +open +in all 8 flows: SYN-ACK/m);
  });

  it('have identifiers of their own where there are no ports', async () => {
    const { datagrams } = await run('--matrix icmp,esp --flows 4 -n shop.example');
    const first16 = (protocol: number, at: number) =>
      new Set(
        datagrams
          .filter((datagram) => datagram.protocol === protocol)
          .map(({ transport }) => ((transport[at] ?? 0) << 8) | (transport[at + 1] ?? 0)),
      );
    assert.equal(first16(1, 4).size, 4);
    assert.equal(first16(50, 0).size, 4);
  });

  it('have flow labels of their own over IPv6, unless one is given', async () => {
    const labels = async (option: string): Promise<number> => {
      const argv = `--matrix tcp/443 --flows 4 -n ${option} 2001:db8:ffff::7`;
      const { datagrams } = await traceroute(argv, { path: SIX });
      return new Set(
        datagrams.map(({ octets }) => new DataView(octets.buffer, octets.byteOffset).getUint32(0) & 0xfffff),
      ).size;
    };
    assert.equal(await labels(''), 4);
    assert.equal(await labels('--flow-label 7'), 1);
  });

  it('are told one by one in JSON, with their source ports', async () => {
    const { out, datagrams } = await run('--matrix tcp/443 --flows 2 --json -n shop.example');
    const { matrix } = JSON.parse(out) as { matrix: { verdicts: { probe: string; flow: object }[] } }; // as --json has it
    const sources = [...new Set(datagrams.map((datagram) => portsOf(datagram).source))];
    assert.deepEqual(
      matrix.verdicts.map(({ probe, flow }) => ({ probe, ...flow })),
      [1, 2].map((number) => ({
        ...{ probe: `tcp/443#${number}`, of: 'tcp/443', number, count: 2 },
        sourcePort: sources[number - 1],
      })),
    );
  });
});
