/** The recorded cases over real packets of IPv6, over the transport that a user gets. */
import { after, before, describe, it } from 'node:test';
import { settle } from '../golden/settle.ts';
import { recordedCases } from '../sim/recorded.ts';
import { twin6 } from '../sim/twin6.ts';
import { labMissing, openLab } from './lab.ts';
import { Pool } from './pool.ts';
import { LABS, replayCase6 } from './replay-case.ts';

describe(
  'recorded cases over real packets of IPv6',
  { skip: labMissing() ?? false, concurrency: LABS },
  () => {
    const labs = new Pool(openLab);
    before(() => labs.open(LABS));
    after(() => {
      labs.close();
    });
    for (const recorded of recordedCases()) {
      const twin = twin6(recorded);
      if (!twin) continue;
      it(twin.name, async () => {
        settle(recorded.name, 'packets6', await labs.with((lab) => replayCase6(lab, twin)));
      });
    }
  },
);
