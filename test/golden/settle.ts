/** Judges what a replay found, by the list of cases that are known to fall short. */
import assert from 'node:assert/strict';
import { SHORTFALLS, type Replay } from './pending.ts';

/**
 * Fails where a case differs from its recording; where it is known to, fails when it does not.
 * @param replay - how it was run
 * @param differences - what compareRun found
 */
export function settle(name: string, replay: Replay, differences: readonly string[]): void {
  if (!isPending(name, replay)) {
    assert.deepEqual(differences, []);
    return;
  }
  assert.notEqual(
    differences.length,
    0,
    `${name} agrees now: take it off the list in test/golden/pending.ts`,
  );
}

function isPending(name: string, replay: Replay): boolean {
  return SHORTFALLS.some(
    ({ cases, only }) => cases.includes(name) && (only === undefined || only.includes(replay)),
  );
}
