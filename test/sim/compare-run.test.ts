import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareProbes, compareRun } from './compare-run.ts';
import { recordedCases, type RecordedCase } from './recorded.ts';

function recordedCase(name: string): RecordedCase {
  const [found] = recordedCases(`${name}.json`);
  assert.ok(found, `${name} is recorded`);
  return found;
}

describe('compareProbes', () => {
  const { probes } = recordedCase('bsd-icmp');
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

  it('leaves out fields that were not recorded', () => {
    const partial = probes.map((probe) => ({ ...probe, len: 0 }));
    for (const probe of partial) Reflect.deleteProperty(probe, 'len');
    assert.deepEqual(compareProbes(partial, probes), []);
  });
});

describe('compareRun', () => {
  const recorded = { ...recordedCase('bsd-bad-0'), stderr: 'Usage: traceroute ...' };
  const run = { stdout: '', stderr: '', status: recorded.rc, probes: [] };

  it('accepts any usage text where one was recorded, with a banner before it', () => {
    for (const stderr of ['Usage: traceroute [-x] host\n', 'Version 1\nUsage: traceroute host\nmore\n']) {
      assert.deepEqual(compareRun(recorded, { ...run, stderr }), []);
    }
  });

  it('tells other text, another status, and a probe where none may be sent', () => {
    const [probe] = recordedCase('bsd-udp').probes;
    const wrong = { stdout: 'x', stderr: 'y', status: 0, probes: probe ? [probe] : [] };
    const [stderr, stdout, status, sent, ...more] = compareRun(recorded, wrong);
    assert.equal(stderr, 'stderr: expected "Usage: traceroute ...", got "y"');
    assert.equal(stdout, 'stdout: expected "", got "x"');
    assert.equal(status, `status: expected ${recorded.rc}, got 0`);
    assert.match(sent ?? '', /^nothing may be sent/);
    assert.deepEqual(more, []);
  });
});
