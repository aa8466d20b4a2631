/** BSD traceroute has a probe for each protocol, of the right length: src/dialects/bsd.ts and probe-name.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeSctpFirstChunk, SCTP_CHUNK } from '../../src/wire/sctp.ts';
import { PATH, traceroute } from './run-command.ts';

const TARGET = PATH.dst.addr;

describe('traceroute: -p', () => {
  for (const line of ['-P tcp -e -p https', '-p https -e -P tcp', '-e -p 443 -P tcp']) {
    it(`traceroute ${line} probes port 443`, async () => {
      const { probes } = await traceroute(`-n -q1 ${line} ${TARGET}`);
      assert.deepEqual(new Set(probes.map(({ dport }) => dport)), new Set([443]));
    });
  }
});

describe('traceroute: -P', () => {
  const rows: readonly (readonly [string, number])[] = [
    ['udp', 17],
    ['UDP', 17],
    ['17', 17],
    ['udplite', 136],
    ['UdpLite', 136],
    ['136', 136],
    ['icmp', 1],
    ['ICMP', 1],
    ['1', 1],
    ['tcp', 6],
    ['TCP', 6],
    ['6', 6],
    ['0x6', 6],
    ['sctp', 132],
    ['SCTP', 132],
    ['132', 132],
    ['gre', 47],
    ['GRE', 47],
    ['47', 47],
    ['esp', 50],
    ['ESP', 50],
    ['ospf', 89],
    ['89', 89],
    ['0x59', 89],
    ['255', 255],
  ];
  for (const [name, protocol] of rows) {
    it(`traceroute -P ${name} probes with protocol ${protocol}`, async () => {
      const { probes, out } = await traceroute(`-n -q1 -P ${name} ${TARGET}`);
      assert.equal(probes[0]?.proto, protocol);
      assert.equal(probes[0].len, protocol === 1 ? 48 : 40);
      assert.match(
        out,
        /^ 1 {2}10\.1\.0\.1 {2}4\.000 ms\n 2 {2}10\.2\.0\.1 {2}8\.000 ms\n 3 {2}10\.99\.0\.1 /,
      );
    });
  }

  it('traceroute -P takes a name that only the system knows', async () => {
    const { probes } = await traceroute(`-n -q1 -m1 -P vrrp ${TARGET}`);
    assert.equal(probes[0]?.proto, 112);
  });
});

describe('traceroute: what the target of a probe is seen to answer', () => {
  const rows: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
    ['a port unreachable to udp', '', {}],
    ['an answer of the port to udp', '-e -p 53', { udp: { 53: 'echo' } }],
    ['a port unreachable to udplite', '-P udplite', { udplite_default: 'closed' }],
    ['an echo reply to icmp', '-I', {}],
    ['a shutdown complete to sctp', '-e -p 80 -P sctp', { sctp: { 80: 'open' } }],
    ['an init ack to sctp', '-e -p 80 -P sctp 10.99.0.1 60', { sctp: { 80: 'open' } }],
    ['an abort to sctp', '-e -p 80 -P sctp 10.99.0.1 60', { sctp: { 80: 'closed' } }],
  ];
  for (const [name, options, target] of rows) {
    it(`traceroute takes ${name} for the target`, async () => {
      const path = { ...PATH, dst: { ...PATH.dst, ...target } };
      const line = options.includes(TARGET) ? `-n -q1 ${options}` : `-n -q1 ${options} ${TARGET}`;
      const { out } = await traceroute(line, { path });
      assert.equal(out, ` 1  10.1.0.1  4.000 ms\n 2  10.2.0.1  8.000 ms\n 3  ${TARGET}  12.000 ms\n`);
    });
  }

  for (const [options, state] of [
    ['-P tcp -e -p 80', '[open]'],
    ['-P tcp -e -p 81', '[closed]'],
    ['-P tcp -p 79', '[open]'],
  ] as const) {
    it(`traceroute ${options} shows the port as ${state}`, async () => {
      const { out } = await traceroute(`-n -q1 -f 3 ${options} ${TARGET}`);
      assert.equal(out, ` 3  ${TARGET} ${state}  12.000 ms\n`);
    });
  }

  for (const options of ['-P gre', '-P sctp', '-P 99']) {
    it(`traceroute ${options} shows !P where the target does not know the protocol`, async () => {
      const { out } = await traceroute(`-n -q1 -f 3 ${options} ${TARGET}`);
      assert.equal(out, ` 3  ${TARGET}  12.000 ms !P\n`);
    });
  }
});

describe('traceroute: packet length', () => {
  const rows: readonly (readonly [string, number, number, number])[] = [
    ['udp', 28, 40, 17],
    ['udplite', 28, 40, 136],
    ['icmp', 48, 48, 1],
    ['tcp', 40, 40, 6],
    ['sctp', 32, 40, 132],
    ['gre', 28, 40, 47],
    ['99', 24, 40, 99],
  ];
  for (const [name, least, usual, protocol] of rows) {
    const lengths = [undefined, least, 1400, 32768, ...(name === 'sctp' ? [36, 52] : [least + 1, 51, 1399])];
    for (const length of lengths) {
      it(`traceroute -P ${name} sends ${length ?? 'its usual'} octets where ${length ?? 'no length'} is given`, async () => {
        const operand = length === undefined ? '' : String(length);
        const { probes, err } = await traceroute(`-n -q1 -m1 -P ${name} ${TARGET} ${operand}`);
        const wanted = length ?? usual;
        assert.equal(err, `traceroute to ${TARGET} (${TARGET}), 1 hops max, ${wanted} byte packets\n`);
        assert.equal(probes.length, 1);
        assert.equal(probes[0]?.len, wanted);
        assert.equal(probes[0].proto, protocol);
        assert.notEqual(probes[0].l4sum_ok, false);
      });
    }
  }

  it('traceroute takes a packet length in hexadecimal', async () => {
    const { probes } = await traceroute(`-n -q1 -m1 ${TARGET} 0x100`);
    assert.equal(probes[0]?.len, 256);
  });

  it('traceroute counts the source route in the packet length', async () => {
    const { probes } = await traceroute(`-n -q1 -m1 -g 10.5.0.1 ${TARGET} 36`);
    assert.equal(probes[0]?.len, 36);
  });

  it('traceroute fills packets with zeros behind eight drawn octets', async () => {
    const filling = async (seed: number) => {
      const { datagrams } = await traceroute(`-n -q1 -m1 ${TARGET} 60`, { seed });
      return [...(datagrams[0]?.transport.subarray(8) ?? [])];
    };
    const first = await filling(1);
    const second = await filling(2);
    assert.deepEqual(first.slice(8), new Array(24).fill(0));
    assert.notDeepEqual(first.slice(0, 8), second.slice(0, 8));
  });

  for (const [length, chunk] of [
    [32, undefined],
    [36, SCTP_CHUNK.shutdownAck],
    [48, SCTP_CHUNK.shutdownAck],
    [52, SCTP_CHUNK.init],
    [1400, SCTP_CHUNK.init],
  ] as const) {
    it(`traceroute -P sctp begins ${length} octets with ${chunk === undefined ? 'no chunk' : `a chunk of type ${chunk}`}`, async () => {
      const { datagrams } = await traceroute(`-n -q1 -m1 -P sctp ${TARGET} ${length}`);
      const transport = datagrams[0]?.transport ?? new Uint8Array();
      if (chunk === undefined) assert.equal(transport.length, 12);
      else assert.equal(decodeSctpFirstChunk(transport).type, chunk);
    });
  }
});
