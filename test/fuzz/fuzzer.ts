/** Makes inputs, keeps those that reach new code, and stops at the first that breaks a promise. */
import type { Random } from '../sim/random.ts';
import type { Coverage } from './coverage.ts';
import { mutated } from './mutate.ts';
import type { Target } from './target.ts';

/** No input may take longer. */
const LONGEST_MS = 5;
/** So many inputs run before it is asked what they have reached: to ask takes as long as hundreds of them. */
const BATCH = 256;
/** An input that was slow is run so often again: the least time is its own, and the others a busy machine's. */
const REPEATS = 5;

/** A broken promise. */
interface Failure {
  readonly input: Uint8Array;
  readonly error: Error;
}

/** What a run has found. */
export interface Findings {
  readonly inputs: number;
  /** The inputs that reached new code, in their order. */
  readonly found: readonly Uint8Array[];
  readonly slowestMs: number;
  readonly failure: Failure | undefined;
}

/** How long to go on. */
export interface Effort {
  readonly random: Random;
  /** False ends the run. */
  goesOn(inputs: number): boolean;
}

/** Runs an input. Answers its time, the least of several where the first was too long. */
export function timed(target: Target, input: Uint8Array): { ms: number; error?: Error } {
  let least = Infinity;
  try {
    for (let count = 0; count < REPEATS && least > LONGEST_MS; count++) {
      const startMs = performance.now();
      const startCpu = process.cpuUsage();
      target.run(input);
      const ms = performance.now() - startMs;
      const { user, system } = process.cpuUsage(startCpu);
      // others may have had the processor, and V8's other threads may have worked meanwhile
      least = Math.min(least, ms, ms > LONGEST_MS ? (user + system) / 1000 : ms);
    }
  } catch (error) {
    return { ms: 0, error: error instanceof Error ? error : new Error(String(error)) };
  }
  if (least <= LONGEST_MS) return { ms: least };
  return { ms: least, error: new Error(`takes ${least.toFixed(1)} ms (${LONGEST_MS} ms at most)`) };
}

/** Fuzzes a target from a corpus on. */
export function fuzz(
  target: Target,
  corpus: readonly Uint8Array[],
  coverage: Coverage,
  effort: Effort,
): Findings {
  const known = [...target.seeds, ...corpus];
  const found: Uint8Array[] = [];
  let inputs = 0;
  let slowestMs = 0;
  for (const input of known) {
    const { ms, error } = timed(target, input);
    if (error) return { inputs, found, slowestMs, failure: { input, error } };
    slowestMs = Math.max(slowestMs, ms);
  }
  coverage.gain();
  while (effort.goesOn(inputs)) {
    const material = { ...target, corpus: known };
    const batch = Array.from({ length: BATCH }, () => mutated(material, effort.random));
    for (const input of batch) {
      const { ms, error } = timed(target, input);
      inputs++;
      if (error) return { inputs, found, slowestMs, failure: { input, error } };
      slowestMs = Math.max(slowestMs, ms);
    }
    for (const input of fruitful(target, batch, coverage)) {
      known.push(input);
      found.push(input);
    }
  }
  return { inputs, found, slowestMs, failure: undefined };
}

/** The inputs of a batch that reached what none before them has: each half of it is run again as long as one does. */
function fruitful(target: Target, batch: readonly Uint8Array[], coverage: Coverage): Uint8Array[] {
  const isOne = batch.length === 1;
  if ((isOne ? coverage.gain() : coverage.look()) === 0) return [];
  if (isOne) return [...batch];
  const middle = batch.length >> 1;
  return [batch.slice(0, middle), batch.slice(middle)].flatMap((half) => {
    for (const input of half) target.run(input);
    return fruitful(target, half, coverage);
  });
}
