import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askAgainAtMs } from '../../src/engine/ask-again.ts';
import type { Slot } from '../../src/engine/slot.ts';

function slotOf(attempt: number, sentAtMs: number, isResent?: true): Slot {
  return { state: 'waiting', probe: { ttl: 1, attempt, sequence: attempt + 1 }, sentAtMs, isResent };
}

/** When each slot of a hop may be sent again, where the hop is waited for until `untilMs`. */
function timesOf(hop: readonly Slot[], untilMs: number): (number | undefined)[] {
  return hop.map((slot) => askAgainAtMs(slot, hop, 3, untilMs));
}

describe('the first silent hop', () => {
  it('is asked again a second after it was asked last, by its first probe', () => {
    assert.deepEqual(
      timesOf(
        [0, 1, 2].map((attempt) => slotOf(attempt, attempt)),
        5000,
      ),
      [1102, undefined, undefined],
    );
  });

  it('is asked by one probe after the other', () => {
    const hop = [slotOf(0, 1102, true), slotOf(1, 1), slotOf(2, 2)];
    assert.deepEqual(timesOf(hop, 5000), [undefined, 2202, undefined]);
  });

  it('is not asked again before all its probes were sent', () => {
    assert.deepEqual(timesOf([slotOf(0, 0), slotOf(1, 0)], 5000), [undefined, undefined]);
  });

  it('is not asked again where less than a second is left to answer', () => {
    const hop = [slotOf(0, 0), slotOf(1, 0), slotOf(2, 0)];
    assert.equal(timesOf(hop, 2100)[0], 1100);
    assert.equal(timesOf(hop, 2099)[0], undefined);
  });
});
