/** `npm run bench`: our wall time beside Linux traceroute's, over the same paths in the lab. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { labMissing, openLab } from '../lab/lab.ts';
import { inTurn, median, wallMs } from './measure.ts';
import { scenarios, TARGET } from './paths.ts';

const RUNS = 5;
const PEER = ['/usr/sbin/traceroute', '/usr/bin/traceroute.db'].find((path) => existsSync(path));
const OURS = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));

const missing =
  labMissing() ??
  (PEER === undefined ? 'Linux traceroute is missing (apt-get install traceroute)' : undefined);
if (missing !== undefined || PEER === undefined) {
  console.error(missing);
  process.exit(1);
}
const peer = PEER;
const lab = await openLab();
try {
  const bare: number[] = [];
  await lab.take(scenarios[0]?.path ?? { src: '10.0.0.1', hops: [], dst: { addr: TARGET } });
  for (let run = 0; run < RUNS; run++) bare.push(await wallMs(lab, process.execPath, ['-e', '0']));
  console.log(`node -e 0: ${median(bare).toFixed(0)} ms (medians of ${RUNS}, in turn)\n`);
  console.log('path                           polytrace   traceroute   ratio   goal');
  for (const { name, path, args, goal } of scenarios) {
    await lab.take(path);
    const [ours, theirs] = await inTurn(
      RUNS,
      () => wallMs(lab, process.execPath, [OURS, ...args, TARGET]),
      () => wallMs(lab, peer, [...args, TARGET]),
    );
    const cells = [`${ours.toFixed(0)} ms`.padStart(9), `${theirs.toFixed(0)} ms`.padStart(12)];
    console.log(`${name.padEnd(30)} ${cells.join(' ')}   ${(ours / theirs).toFixed(2)}    ${goal}`);
  }
} finally {
  lab.close();
}
