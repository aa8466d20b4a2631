/** Times of whole processes. */
import type { Lab } from '../lab/lab.ts';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Milliseconds from starting a command in the tracer's namespace to its end. */
export async function wallMs(lab: Lab, command: string, args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  const { status, stderr } = await lab.run(command, args);
  const elapsedMs = performance.now() - startMs;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit status ${status}: ${stderr}`);
  return elapsedMs;
}

/** Times two commands in turn, so that a change of the machine's pace meets both. */
export async function inTurn(
  runs: number,
  first: () => Promise<number>,
  second: () => Promise<number>,
): Promise<readonly [number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    times[0].push(await first());
    times[1].push(await second());
  }
  return [median(times[0]), median(times[1])];
}
