/** The recorded cases in memory: same text, same status, same probes. */
import { describe, it } from 'node:test';
import { compareRun } from '../sim/compare-run.ts';
import { recordedCases } from '../sim/recorded.ts';
import { runInMemory } from '../sim/run-in-memory.ts';
import { settle } from './settle.ts';

describe('recorded cases in memory', () => {
  for (const recorded of recordedCases()) {
    it(recorded.name, async () => {
      settle(recorded.name, 'memory', compareRun(recorded, await runInMemory(recorded)));
    });
  }
});
