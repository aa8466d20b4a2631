import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerQuery } from './name-server.ts';
import { normalise } from './normalise.ts';
import { compareProbes, recordedCases } from './recorded.ts';

describe('recordedCases', () => {
  it('loads them all, of either dialect', () => {
    const all = recordedCases();
    const [bsd, tcp] = [recordedCases('bsd-'), recordedCases('tcp-')];
    assert.equal(all.length, bsd.length + tcp.length);
    assert.ok(bsd.length >= 35 && bsd.every(({ dialect }) => dialect === 'traceroute'));
    assert.ok(tcp.length >= 32 && tcp.every(({ dialect }) => dialect === 'tcptraceroute'));
  });
});

describe('compareProbes', () => {
  const [{ probes } = { probes: [] }] = recordedCases('bsd-icmp');
  const changed = (index: number, change: object) =>
    probes.map((probe, at) => (at === index ? { ...probe, ...change } : probe));

  it('accepts the same, more of them, in any order of TTL, with any identifier', () => {
    const extra = probes.map((probe) => ({ ...probe, ttl: probe.ttl + 10 }));
    const other = probes.map((probe) => ({ ...probe, icmp: [8, 0, 1, probe.icmp?.[3] ?? 0] as const }));
    for (const sent of [probes, [...extra, ...probes], other])
      assert.deepEqual(compareProbes(probes, sent), []);
    const byTtl = [...probes].sort((a, b) => b.ttl - a.ttl);
    assert.deepEqual(compareProbes(probes, byTtl), []);
  });

  it('tells what is missing or not alike', () => {
    assert.match(compareProbes(probes, probes.slice(0, -1)).join(), /^probe 3 of TTL 5 was not sent/);
    assert.match(compareProbes(probes, changed(4, { tos: 1 })).join(), /^probe 2 of TTL 2 is .*"tos":1/);
    assert.equal(compareProbes(probes, changed(4, { icmp: [8, 0, 1, 99] })).length, 1);
    assert.equal(compareProbes(probes, [...probes].reverse()).length, 10, 'within a TTL the order counts');
  });
});

describe('normalise', () => {
  for (const [what, printed, recorded] of [
    ['times', ' 1  10.1.0.1  0.345 ms  12.000 ms !X\n', ' 1  10.1.0.1  <rtt> ms  <rtt> ms !X'],
    ['one newline at the end', 'a\n\n', 'a\n'],
    [
      'a local port',
      'Selected device tun0, address 10.0.0.1, port 45255 for outgoing packets\n',
      'Selected device tun0, address 10.0.0.1, port <port> for outgoing packets',
    ],
    ['no other port', 'on TCP port 80 (http), 30 hops max', 'on TCP port 80 (http), 30 hops max'],
    [
      'octets of -D',
      `4500002800010000401100000a0000010a630001\n${'_'.repeat(16)}01__ffff${'_'.repeat(16)}\n\n`,
      '<40 hex digits sent>\n<quoted ________________hh__>\n',
    ],
  ] as const) {
    it(`normalises ${what}`, () => {
      assert.equal(normalise(printed), recorded);
    });
  }
});

describe('the name server', () => {
  /** A query of id 0x1234, recursion desired, for `a.` of class IN. RFC 1035 section 4.1. */
  const query = (type: number) =>
    Uint8Array.of(0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x41, 0, 0, type, 0, 1);
  const PTR = 12;
  const headerOf = (response: Uint8Array) => [...response.subarray(0, 8)];

  it('answers from its table, whatever the case', () => {
    const response = answerQuery({ 'a/PTR': ['edge.example.net', 'b.example.net'] }, query(PTR));
    assert.deepEqual(headerOf(response), [0x12, 0x34, 0x85, 0x80, 0, 1, 0, 2]);
    assert.match(Buffer.from(response).toString('latin1'), /edge/);
  });

  it('tells a name without such a record from an unknown one', () => {
    assert.deepEqual(
      headerOf(answerQuery({ 'a/A': ['192.0.2.1'] }, query(PTR))),
      [0x12, 0x34, 0x85, 0x80, 0, 1, 0, 0],
    );
    assert.deepEqual(headerOf(answerQuery({}, query(PTR))), [0x12, 0x34, 0x85, 0x83, 0, 1, 0, 0]);
  });
});
