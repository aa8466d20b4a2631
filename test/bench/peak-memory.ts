/** Measures the most memory that a command held at once. */
import { existsSync } from 'node:fs';
import type { Lab } from '../lab/lab.ts';

const GNU_TIME = '/usr/bin/time';

/** Answers the largest resident set in KiB, which GNU time tells; undefined where GNU time is not installed. */
export async function peakKilobytes(
  lab: Lab,
  command: string,
  args: readonly string[],
): Promise<number | undefined> {
  if (!existsSync(GNU_TIME)) return undefined;
  const { stderr } = await lab.run(GNU_TIME, ['-f', '%M', command, ...args]);
  return Number(stderr.trimEnd().split('\n').at(-1));
}
