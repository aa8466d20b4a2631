/** `npm run soak`: 2,000 traces in one process, or as many as the argument says; ends with status 1 where any limit is broken. */
import { soak } from './soak.ts';

/** Octets. */
const MOST_SLOPE = 1024;

const traces = Number(process.argv[2] ?? 2000);
const { wrong, samples, slope, descriptorsBefore, descriptorsAfter } = await soak(traces);
const megabytes = (octets = NaN): string => `${(octets / 2 ** 20).toFixed(1)} MiB`;
console.log(`${traces} traces, half of them ten at once: ${wrong.length} wrong`);
for (const each of wrong.slice(0, 10)) console.log(`  ${each}`);
console.log(`resident: ${megabytes(samples[0]?.rss)} at first, ${megabytes(samples.at(-1)?.rss)} in the end`);
console.log(`slope past the first 200 traces: ${slope.toFixed(0)} octets a trace (${MOST_SLOPE} at most)`);
console.log(`descriptors: ${descriptorsBefore} before, ${descriptorsAfter} after`);
const isSound = wrong.length === 0 && slope < MOST_SLOPE && descriptorsAfter <= descriptorsBefore;
process.exitCode = isSound ? 0 : 1;
