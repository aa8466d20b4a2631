/** Recorded cases over real packets through the portable transport: one of each probe and each kind of answer. */
import { after, before, describe, it } from 'node:test';
import { settle } from '../golden/settle.ts';
import { recordedCases } from '../sim/recorded.ts';
import { labMissing, openLab, type Lab } from './lab.ts';
import { replayCase } from './replay-case.ts';

const CASES: readonly string[] = [
  'bsd-udp',
  'bsd-icmp',
  'bsd-gre',
  'bsd-proto-number',
  'bsd-tcp-closed',
  'bsd-two-routers',
  'bsd-pmtu-df',
  'bsd-ecn-bleached',
  'bsd-verbose',
  'tcp-open',
  'tcp-dnat',
  'tcp-code-13',
];

const missing = labMissing();

describe('recorded cases over raw-socket', { skip: missing ?? false }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => {
    lab.close();
  });
  for (const recorded of recordedCases().filter(({ name }) => CASES.includes(name))) {
    it(recorded.name, async () => {
      settle(recorded.name, 'packets', await replayCase(lab, recorded, ['--transport', 'raw-socket']));
    });
  }
});
