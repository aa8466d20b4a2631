/** The recorded cases over real packets, over the transport that a user gets. */
import { after, before, describe, it } from 'node:test';
import { recordedCases } from '../sim/recorded.ts';
import { labMissing, openLab, type Lab } from './lab.ts';
import { replayCase } from './replay-case.ts';

const missing = labMissing();

describe('recorded cases over real packets', { skip: missing ?? false }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => {
    lab.close();
  });
  for (const recorded of recordedCases()) {
    it(recorded.name, () => replayCase(lab, recorded));
  }
});
