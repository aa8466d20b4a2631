/** The recorded cases over real packets of IPv6: the built commands, as processes, against a path in a namespace. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { normalise } from '../sim/normalise.ts';
import { compareProbes, recordedCases, type RecordedCase } from '../sim/recorded.ts';
import { twin6 } from '../sim/twin6.ts';
import { labMissing, openLab, type Lab } from './lab.ts';

/** Shown only where the system tells a reply's hop limit: raw IPv6 sockets give no header. RFC 3542 section 3. */
const HOP_LIMIT_REMARK = /(?<= ms) !(?= |$)/gm;

async function replay(lab: Lab, twin: RecordedCase): Promise<void> {
  const { dialect, argv, topo, rc, stdout, stderr, probes } = twin;
  const command = fileURLToPath(new URL(`../../dist/${dialect}.js`, import.meta.url));
  await lab.take(topo);
  const result = await lab.run(process.execPath, [command, ...argv]);
  const withoutRemark = (text: string): string => text.replace(HOP_LIMIT_REMARK, '');
  assert.equal(normalise(result.stderr), stderr);
  assert.equal(withoutRemark(normalise(result.stdout)), withoutRemark(stdout));
  assert.equal(result.status, rc);
  assert.deepEqual(compareProbes(probes, result.probes), []);
}

/** Not replayed here but in memory: those that send nothing, and all but one of each error and each silence. */
const IN_MEMORY =
  /^(bsd-bad|bsd-nochecksum|bsd-code-(?!2|3|13)|bsd-summary|tcp-bad|tcp-code-(?!0|3)|tcp-silent)/;

describe('recorded cases over real packets of IPv6', { skip: labMissing() ?? false }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => {
    lab.close();
  });
  for (const recorded of recordedCases().filter(({ name }) => !IN_MEMORY.test(name))) {
    const twin = twin6(recorded);
    if (twin) it(twin.name, () => replay(lab, twin));
  }
});
