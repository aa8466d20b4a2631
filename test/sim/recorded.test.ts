import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordedCases } from './recorded.ts';

describe('recordedCases', () => {
  it('loads them all, of either dialect', () => {
    const all = recordedCases();
    const [bsd, tcp] = [recordedCases('bsd-'), recordedCases('tcp-')];
    assert.equal(all.length, bsd.length + tcp.length);
    assert.ok(bsd.length >= 181 && bsd.every(({ dialect }) => dialect === 'traceroute'));
    assert.ok(tcp.length >= 108 && tcp.every(({ dialect }) => dialect === 'tcptraceroute'));
  });

  it('are named like their files', () => {
    for (const { name } of recordedCases()) assert.ok(recordedCases(`${name}.json`).length === 1, name);
  });
});
