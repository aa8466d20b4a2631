/** Verdicts over seeded networks that lose, limit, balance and keep silent, with one silent filter or none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { documentText } from '../docs/markdown.ts';
import { falseDrops, networkOf, verdictsOn, wrongIntervals } from './networks.ts';

const NETWORKS = 200;
/** What is promised, of 200. */
const RIGHT_INTERVALS = 195;

const seeds = Array.from({ length: NETWORKS }, (_, index) => index + 1);

describe('the verdicts of a matrix', () => {
  it('never say dropped where nothing is', async () => {
    const wrong: unknown[] = [];
    for (const seed of seeds) {
      const network = networkOf(seed, false);
      const verdicts = await verdictsOn(network, seed);
      assert.ok(verdicts.some(({ state }) => state === 'silent' || state === 'reached'));
      wrong.push(...falseDrops(network, verdicts).map((verdict) => ({ seed, verdict })));
    }
    assert.deepEqual(wrong, []);
  });

  it('name the interval of a filter as often as the document says', async () => {
    let right = 0;
    let dropped = 0;
    for (const seed of seeds) {
      const network = networkOf(seed, true);
      const verdicts = await verdictsOn(network, seed);
      dropped += verdicts.filter(({ state }) => state === 'dropped').length;
      const wrong = [...falseDrops(network, verdicts), ...wrongIntervals(network, verdicts)];
      if (wrong.length === 0) right++;
    }
    assert.ok(dropped > NETWORKS, `${dropped} verdicts are "dropped"`);
    assert.ok(right >= RIGHT_INTERVALS, `${right} of ${NETWORKS}`);
    const [, documented] =
      /(\d+) of 200 networks with one filter/.exec(documentText('docs/firewall-debugging.md')) ?? [];
    assert.equal(right, Number(documented));
  });
});
