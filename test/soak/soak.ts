/** Runs many traces in one process over a chain of kernel routers, and says what they leave behind. */
import { fileURLToPath } from 'node:url';
import { openRouters } from '../lab/routers.ts';
import type { Sample, Soaked } from './traces.ts';

const LIBRARY = new URL('../../dist/library.mjs', import.meta.url).href;
const TRACES = fileURLToPath(new URL('traces.ts', import.meta.url));
/** Until then caches fill and code is compiled. */
const WARM_TRACES = 200;
/** The hops of the lab: two routers and the target. */
const HOPS = ['10.1.0.1', '10.2.0.1', '10.3.0.1'];

/** What is left of a run. */
export interface SoakReport extends Soaked {
  /** Octets of memory that each trace past the first 200 adds. */
  readonly slope: number;
}

/** Soaks the library of `dist/`. @throws Error when it does not run to its end */
export async function soak(traces: number): Promise<SoakReport> {
  const routers = openRouters(2);
  try {
    await routers.listen(80);
    const target = routers.destination[4];
    const args = ['--expose-gc', '--import', import.meta.resolve('tsx'), TRACES, LIBRARY, target];
    const { status, stdout, stderr } = await routers.exec('src', process.execPath, [
      ...args,
      JSON.stringify(HOPS),
      String(traces),
    ]);
    if (status !== 0) throw new Error(`the traces ended with status ${status ?? 'of a signal'}: ${stderr}`);
    const soaked = JSON.parse(stdout) as Soaked; // its own form
    return { ...soaked, slope: slopeOf(soaked.samples.filter(({ traces: after }) => after > WARM_TRACES)) };
  } finally {
    routers.close();
  }
}

/** The slope of the line with the least squares, in octets a trace. */
export function slopeOf(samples: readonly Sample[]): number {
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const x = mean(samples.map(({ traces }) => traces));
  const y = mean(samples.map(({ rss }) => rss));
  const rise = samples.reduce((sum, { traces, rss }) => sum + (traces - x) * (rss - y), 0);
  return rise / samples.reduce((sum, { traces }) => sum + (traces - x) ** 2, 0);
}
