import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FloodLimit } from '../../src/measure/flood-limit.ts';

/** Offers so many packets of so many octets at one moment. Answers how many are told. */
function told(limit: FloodLimit, packets: number, octets: number, nowMs: number): number {
  return Array.from({ length: packets }).filter(() => limit.admits(octets, nowMs)).length;
}

describe('a limit for floods', () => {
  it('tells all of a burst that a busy host may see, and counts what it leaves out', () => {
    const limit = new FloodLimit();
    assert.equal(told(limit, 200, 56, 1000), 200);
    assert.equal(limit.leftOut, 0);
    assert.equal(told(limit, 1000, 56, 1000), 56);
    assert.equal(limit.leftOut, 944);
  });

  it('tells some 60 small packets a second in the long run', () => {
    const limit = new FloodLimit();
    told(limit, 1000, 20, 0);
    let count = 0;
    for (let ms = 1; ms <= 10_000; ms++) count += told(limit, 50, 20, ms);
    assert.ok(count >= 620 && count <= 630, `${count}`);
  });

  it('tells large packets too, and fewer of them', () => {
    const limit = new FloodLimit();
    assert.equal(told(limit, 10, 65_515, 0), 1);
    assert.equal(told(limit, 10, 65_515, 12_000), 0);
    assert.equal(told(limit, 10, 65_515, 13_000), 1);
  });

  it('gains no more in an hour of silence than it had at first', () => {
    const limit = new FloodLimit();
    assert.equal(told(limit, 1000, 64, 0), 256);
    assert.equal(told(limit, 1000, 64, 3_600_000), 256);
  });
});
