/**
 * `npm run bench:rates` counts the answers that many probes in flight cost where routers limit their rate, and the time that
 * they save. It does so with and without sending again what the routers swallowed. The default of --parallel rests on it.
 */
import { udp } from '../../probes/udp.ts';
import { Tracer } from '../../src/engine/tracer.ts';
import { ADAPTIVE, planOf } from '../engine/drive-scheduler.ts';
import { traceOf } from '../engine/make-trace.ts';
import type { Bucket, PathFormat } from '../sim/path-format.ts';
import { seededRandom } from '../sim/random.ts';
import { SimTransport } from '../sim/sim-transport.ts';
import { VirtualClock } from '../sim/virtual-clock.ts';
import { median } from './measure.ts';
import { tableText } from './table.ts';

const PATHS = 200;
const HOPS = 14;
const TOTAL_MS = 80;
const LIMITED_SHARE = 0.5;
/** One probe at a time comes first: the others are compared with it. */
const WINDOWS = [1, 16, 32, 48, 64, 96, 128];

const ROUTERS = {
  'Linux: 1/s, bursts of 6': [1, 6],
  '2/s, one at a time': [2, 1],
} as const;

function pathOf(seed: number, bucket: Bucket): PathFormat {
  const random = seededRandom(seed);
  return {
    src: '192.0.2.1',
    hops: Array.from({ length: HOPS }, (_, index) => ({
      addr: `10.${index + 1}.0.1`,
      delay: ((index + 1) * TOTAL_MS) / (HOPS + 1),
      ...(random() < LIMITED_SHARE ? { bucket } : {}),
    })),
    dst: { addr: '198.51.100.9', delay: TOTAL_MS },
  };
}

/** Runs a trace. Answers the number of probes that were answered, and when the trace ended. */
async function run(path: PathFormat, attempts: number, parallel: number, resends: boolean) {
  const clock = new VirtualClock();
  const isWide = parallel > 1;
  const schedule = { ...planOf({ attempts, parallel, resends, wait: ADAPTIVE }), overlapWaits: isWide };
  let answered = 0;
  const transport = new SimTransport({ path, clock, protocols: [] });
  const tracer = new Tracer([traceOf(udp, 4, { schedule })], transport, clock, {
    onOutcome: (_trace, { status }) => {
      if (status === 'replied') answered++;
    },
  });
  await clock.run(tracer.run());
  return { answered, endMs: clock.nowMs() };
}

const rows: string[][] = [];
for (const [what, rate] of Object.entries(ROUTERS)) {
  for (const attempts of [3, 10]) {
    const probes = PATHS * (HOPS + 1) * attempts;
    for (const parallel of WINDOWS) {
      for (const resends of parallel === 1 ? [false] : [false, true]) {
        let answered = 0;
        const ends: number[] = [];
        for (let seed = 1; seed <= PATHS; seed++) {
          const one = await run(pathOf(seed, rate), attempts, parallel, resends);
          answered += one.answered;
          ends.push(one.endMs);
        }
        const share = `${((100 * answered) / probes).toFixed(1)} %`;
        rows.push([
          what,
          String(attempts),
          String(parallel),
          resends ? 'yes' : 'no',
          share,
          `${median(ends).toFixed(0)} ms`,
        ]);
      }
    }
  }
}
console.log(tableText({ head: ['path', '-q', '--parallel', 'sent again', 'answered', 'median end'], rows }));
