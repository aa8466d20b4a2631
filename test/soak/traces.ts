/**
 * Traces many times in one process through the library, and prints what was right and what is left behind, as JSON.
 * `soak.ts` starts this in a namespace. Arguments: the library, the target, the hops as JSON, and how many traces.
 */
import { readdirSync } from 'node:fs';
import type * as library from '../../src/index.ts';

/** What a process has after so many traces. */
export interface Sample {
  readonly traces: number;
  /** Octets in memory. */
  readonly rss: number;
}

/** What a run tells. */
export interface Soaked {
  /** The traces whose hops were others than the lab's, with what they had. */
  readonly wrong: readonly string[];
  readonly samples: readonly Sample[];
  readonly descriptorsBefore: number;
  readonly descriptorsAfter: number;
}

const PROBES = ['udp', 'icmp', 'tcp/80', 'udp/53', 'gre', 'sctp/80'];
/** Half of the traces run in rounds of so many at once, the others one by one. */
const AT_ONCE = 10;

const [path = '', target = '', hops = '[]', count = '0'] = process.argv.slice(2);
const { trace } = (await import(path)) as typeof library; // the build's own type is not there before it is built
const expected = (JSON.parse(hops) as string[]).join();

async function hopsOf(probe: string): Promise<string> {
  const seen: string[] = [];
  for await (const event of trace(target, { probe, attempts: 1, waitSeconds: 5 })) {
    if (event.type === 'hop') seen.push(...event.outcomes.map((each) => responderOf(each)));
  }
  return seen.join();
}

function responderOf(outcome: library.Outcome): string {
  return outcome.status === 'replied' ? outcome.reply.responder : outcome.status;
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

function collect(): void {
  globalThis.gc?.();
  globalThis.gc?.();
}

const wrong: string[] = [];
const samples: Sample[] = [];
let done = 0;

async function round(size: number): Promise<void> {
  const probes = Array.from({ length: size }, () => PROBES[done++ % PROBES.length] ?? 'udp');
  const seen = await Promise.all(probes.map(hopsOf));
  for (const [index, each] of seen.entries()) {
    if (each !== expected) wrong.push(`${probes[index] ?? ''}: ${each}`);
  }
}

await round(1); // loads what is loaded on demand
collect();
const descriptorsBefore = descriptors();
done = 0;
while (done < Number(count)) {
  await round(AT_ONCE);
  for (let single = 0; single < AT_ONCE; single++) await round(1);
  collect();
  samples.push({ traces: done, rss: process.memoryUsage.rss() });
}
// sockets are closed in the turn after the last event
await new Promise((resolve) => setImmediate(resolve));
const result: Soaked = { wrong, samples, descriptorsBefore, descriptorsAfter: descriptors() };
console.log(JSON.stringify(result));
