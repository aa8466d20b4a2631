/** A recorded case over real packets: the built command, as a process, against its path played in a namespace. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { normalise } from '../sim/normalise.ts';
import { compareProbes, type RecordedCase } from '../sim/recorded.ts';
import type { Lab } from './lab.ts';

/** The built command of a dialect. */
function commandOf(dialect: string): string {
  return fileURLToPath(new URL(`../../dist/${dialect}.js`, import.meta.url));
}

/**
 * Runs the case's command and compares all that the case holds.
 * @param options - of our own, before those of the case; none that change what is printed or sent
 */
export async function replayCase(
  lab: Lab,
  recorded: RecordedCase,
  options: readonly string[] = [],
): Promise<void> {
  const { dialect, argv, topo, rc, stdout, stderr, probes } = recorded;
  await lab.take(topo);
  const result = await lab.run(process.execPath, [commandOf(dialect), ...options, ...argv]);
  assert.equal(normalise(result.stderr), stderr);
  assert.equal(normalise(result.stdout), stdout);
  assert.equal(result.status, rc);
  assert.deepEqual(compareProbes(probes, result.probes), []);
  if (probes.length === 0) assert.deepEqual(result.probes, [], 'nothing may be sent');
}
