import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labMissing } from '../lab/namespaces.ts';
import { slopeOf, soak } from './soak.ts';

/** A short form of `npm run soak`. */
const TRACES = 300;
/** Octets: with few samples the collector's own rises and falls count for much. A socket or a trace that stayed would too. */
const MOST_GROWTH = 32 << 20;

describe('many traces in one process', { skip: labMissing() ?? false }, () => {
  it('are all right, and leave no descriptor and little memory behind', async () => {
    const { wrong, samples, descriptorsBefore, descriptorsAfter } = await soak(TRACES);
    assert.deepEqual(wrong, []);
    assert.equal(samples.at(-1)?.traces, TRACES);
    assert.ok(
      descriptorsAfter <= descriptorsBefore,
      `${descriptorsBefore} before, ${descriptorsAfter} after`,
    );
    const [first, last] = [
      samples.find(({ traces }) => traces >= TRACES / 2)?.rss ?? 0,
      samples.at(-1)?.rss ?? 0,
    ];
    assert.ok(last - first < MOST_GROWTH, `${last - first} octets more`);
  });
});

describe('the slope of the least squares', () => {
  it('is that of the line on which all samples lie', () => {
    const samples = [200, 220, 240, 300].map((traces) => ({ traces, rss: 5000 + 7 * traces }));
    assert.ok(Math.abs(slopeOf(samples) - 7) < 1e-9);
  });

  it('is little where one sample alone is high', () => {
    const samples = Array.from({ length: 90 }, (_, index) => ({
      traces: 20 * index,
      rss: index === 45 ? 9000 : 5000,
    }));
    assert.ok(Math.abs(slopeOf(samples)) < 1);
  });
});
