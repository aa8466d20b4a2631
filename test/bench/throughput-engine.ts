/**
 * Measures the engine and prints JSON. `throughput.ts` starts this process in a namespace. `--once` runs the traces three
 * times and does nothing else, for a profiler.
 */
import { KernelTransport } from '../../src/net/raw/kernel-transport.ts';
import { loadLibc } from '../../src/net/linux/libc.ts';
import { makeTraces, runTraces, type Load, type Run } from './many-traces.ts';
import { quantile } from './measure.ts';
import { ANSWERING, SILENT, SOURCE } from './one-hop.ts';
import type { EngineNumbers } from './throughput.ts';

const LOAD: Load = { source: SOURCE, firstTarget: ANSWERING, targets: 10_000, attempts: 6, parallel: 32 };
const UNLOADED: Load = { ...LOAD, targets: 1, attempts: 500, parallel: 1 };
/** More than a million probes, after the code is warm. */
const ROUNDS = 17;
const WARM_ROUNDS = 2;

const options = { families: [4], protocols: [], dontRoute: false, debug: false } as const;
const transport = new KernelTransport(loadLibc(), { transport: 'kernel', ...options });

function collect(): void {
  if (!globalThis.gc) throw new Error('run with --expose-gc');
  globalThis.gc();
  // the first one leaves buffers to a thread that frees them later; the next one waits for it
  globalThis.gc();
}

/** Counts the octets of living objects, and of what they hold outside the heap. */
function livingOctets(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Counts the octets that a probe in flight takes, beyond those that its trace takes anyway. */
async function octetsInFlight(): Promise<number> {
  const traces = makeTraces({ ...LOAD, firstTarget: SILENT });
  const probes = LOAD.targets * LOAD.attempts;
  const before = livingOctets();
  let after = NaN;
  await runTraces(traces, transport, (sent, tracer) => {
    if (sent < probes) return;
    after = livingOctets();
    tracer.interrupt();
  });
  return (after - before) / probes;
}

async function measure(): Promise<EngineNumbers> {
  await octetsInFlight(); // what the first run leaves behind for good belongs to no probe
  const perProbe = await octetsInFlight();
  const unloaded = await runTraces(makeTraces(UNLOADED), transport);
  const runs: Run[] = [];
  let warm = NaN;
  for (let round = 0; round < ROUNDS + WARM_ROUNDS; round++) {
    runs.push(await runTraces(makeTraces(LOAD), transport));
    if (round === WARM_ROUNDS - 1) warm = livingOctets();
  }
  const measured = runs.slice(WARM_ROUNDS);
  const rates = measured.map(({ answered, seconds }) => answered / seconds);
  const rtts = measured.map(({ rttsUs }) => quantile([...rttsUs], 0.5));
  const growth = livingOctets() - warm;
  return {
    probesPerSecond: quantile(rates, 0.5),
    sent: measured.length * LOAD.targets * LOAD.attempts,
    answered: measured.reduce((sum, { answered }) => sum + answered, 0),
    loadedUs: quantile(rtts, 0.5),
    unloadedUs: quantile([...unloaded.rttsUs], 0.5),
    // the measuring itself keeps 8 octets an answer
    growthOctets: growth - measured.length * LOAD.targets * LOAD.attempts * Float64Array.BYTES_PER_ELEMENT,
    octetsInFlight: perProbe,
  };
}

if (process.argv.includes('--once')) {
  for (let round = 0; round < 3; round++) {
    const { answered, seconds } = await runTraces(makeTraces(LOAD), transport);
    console.log(`${(answered / seconds).toFixed(0)} probes/s`);
  }
} else {
  console.log(JSON.stringify(await measure()));
}
transport.close();
