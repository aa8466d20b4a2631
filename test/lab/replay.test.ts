/** The recorded cases over real packets, over the transport that a user gets. */
import { after, before, describe, it } from 'node:test';
import { settle } from '../golden/settle.ts';
import { recordedCases } from '../sim/recorded.ts';
import { labMissing, openLab } from './lab.ts';
import { Pool } from './pool.ts';
import { LABS, replayCase } from './replay-case.ts';

describe('recorded cases over real packets', { skip: labMissing() ?? false, concurrency: LABS }, () => {
  const labs = new Pool(openLab);
  before(() => labs.open(LABS));
  after(() => {
    labs.close();
  });
  for (const recorded of recordedCases()) {
    it(recorded.name, async () => {
      settle(recorded.name, 'packets', await labs.with((lab) => replayCase(lab, recorded)));
    });
  }
});
