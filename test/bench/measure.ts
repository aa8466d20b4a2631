/** Times whole processes, and takes the middle of many times. */
import { spawn, type ChildProcess } from 'node:child_process';
import { ended, labEnvironment } from '../lab/command.ts';
import type { Lab } from '../lab/lab.ts';

/** The value that the given share of all values, 0 to 1, does not exceed; NaN if there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The middle value; NaN if there are none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Starts a command in a namespace the shortest way: `ip netns exec` takes 3 ms more. */
export function spawnNear(namespace: string, command: string, args: readonly string[]): ChildProcess {
  return spawn('nsenter', [`--net=/run/netns/${namespace}`, command, ...args], { env: labEnvironment() });
}

/**
 * Measures the milliseconds from starting a command in the tracer's namespace to its end.
 * @throws Error with its standard error when its exit status is not 0
 */
export async function wallMs(lab: Lab, command: string, args: readonly string[]): Promise<number> {
  await lab.probes(); // the responder has nothing left to do
  const startMs = performance.now();
  const { status, stderr } = await ended(spawnNear(lab.tracer, command, args));
  const elapsedMs = performance.now() - startMs;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit status ${status}: ${stderr}`);
  return elapsedMs;
}

/** A measurement, and how often to make it. */
export interface Turn<Value> {
  readonly runs: number;
  readonly measure: () => Promise<Value>;
}

/** Measures in turn, so that a change of the machine's pace meets all. Answers the values of each turn. */
export async function inTurn<Value>(turns: readonly Turn<Value>[]): Promise<readonly Value[][]> {
  const values = turns.map((): Value[] => []);
  const rounds = Math.max(0, ...turns.map(({ runs }) => runs));
  for (let round = 0; round < rounds; round++) {
    for (const [index, { runs, measure }] of turns.entries()) {
      if (round < runs) values[index]?.push(await measure());
    }
  }
  return values;
}
