/** The commands without any right: as nobody, against the recorded cases and over kernel routers. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { RecordedProbe } from '../sim/record-probe.ts';
import { normalise } from '../sim/normalise.ts';
import { compareProbes, recordedCases, type RecordedCase } from '../sim/recorded.ts';
import { twin6 } from '../sim/twin6.ts';
import { mustRun } from './command.ts';
import { labMissing, openLab, type Lab } from './lab.ts';

const NOBODY = '65534';
const AS_NOBODY = ['--reuid', NOBODY, '--regid', NOBODY, '--clear-groups', '--inh-caps=-all'];
const TCP = 6;
/** What the kernel sends besides ends connections that were accepted. */
const SYN = 2;

/** What takes a raw socket, each with what is said of it. */
const BEYOND = [
  'bsd-diff',
  'bsd-ecn-bleached',
  'bsd-ecn-passed',
  'bsd-gre',
  'bsd-proto-number',
  'tcp-ack',
  'tcp-dnat',
  'tcp-ecn',
  'tcp-length',
  'tcp-sport',
];

function isServed({ name, probes }: RecordedCase): boolean {
  return probes.length > 0 && !BEYOND.some((prefix) => name.startsWith(prefix));
}

/**
 * What must agree of a probe. The kernel gives its SYNs options, whence their length; and it leaves checksums to the
 * network card, which a virtual link does not have.
 */
function comparable(probe: RecordedProbe): RecordedProbe {
  const { proto, len } = probe;
  return { ...probe, l4sum_ok: true, len: proto === TCP ? 0 : len };
}

/** Lets every group have ping sockets in a namespace. */
function allowPings(namespace: string): void {
  mustRun('ip', ['netns', 'exec', namespace, 'sysctl', '-qw', 'net.ipv4.ping_group_range=0 2147483647']);
}

function commandOf(dialect: string): string {
  return fileURLToPath(new URL(`../../dist/${dialect}.js`, import.meta.url));
}

async function replay(lab: Lab, recorded: RecordedCase): Promise<void> {
  const { dialect, argv, topo, probes, ...expected } = recorded;
  await lab.take(topo);
  // exact, so that a busy machine makes no star of a hop
  const wait = argv.some((word) => word.startsWith('-w')) ? [] : ['-w', '5'];
  const command = [process.execPath, commandOf(dialect), ...wait, ...argv];
  const result = await lab.run('setpriv', [...AS_NOBODY, ...command]);
  const printed = { stdout: normalise(result.stdout), stderr: normalise(result.stderr), rc: result.status };
  const sent = result.probes.filter(({ flags }) => flags === null || flags === SYN);
  const wrong = compareProbes(probes.map(comparable), sent.map(comparable));
  assert.deepEqual({ name: recorded.name, ...printed, wrong }, { ...expected, wrong: [] });
}

/** Cases run side by side: most of their time is waiting. */
const LABS = 3;

describe('recorded cases without any right', { skip: labMissing() ?? false, concurrency: LABS }, () => {
  const free: Lab[] = [];
  before(async () => {
    for (let count = 0; count < LABS; count++) {
      const lab = await openLab();
      free.push(lab);
      allowPings(lab.tracer);
    }
  });
  after(() => {
    for (const lab of free) lab.close();
  });
  for (const recorded of [...recordedCases(), ...recordedCases().flatMap((each) => twin6(each) ?? [])]) {
    if (!isServed(recorded)) continue;
    it(recorded.name, async () => {
      const lab = free.pop();
      assert.ok(lab, 'there are as many labs as cases at once');
      try {
        await replay(lab, recorded);
      } finally {
        free.push(lab);
      }
    });
  }
});
