/** The recorded cases of test/golden. */
import { readdirSync, readFileSync } from 'node:fs';
import type { PathFormat } from './path-format.ts';
import type { RecordedProbe } from './record-probe.ts';

/** One run of an original program: what it was asked, what the path was, and all that it gave back. */
export interface RecordedCase {
  readonly name: string;
  readonly dialect: 'traceroute' | 'tcptraceroute';
  readonly argv: readonly string[];
  readonly topo: PathFormat;
  /** Exit status. */
  readonly rc: number;
  /** Normalised, see normalise.ts; so is `stderr`. */
  readonly stdout: string;
  /** `Usage: PROGRAM ...` stands for any usage text of the program. */
  readonly stderr: string;
  /** What the first router saw, in the order sent. */
  readonly probes: readonly RecordedProbe[];
}

const DIRECTORY = new URL('../golden/', import.meta.url);

/** Reads the recorded cases whose name begins with `prefix`, in order of name. */
export function recordedCases(prefix = ''): RecordedCase[] {
  return readdirSync(DIRECTORY)
    .filter((file) => file.endsWith('.json') && file.startsWith(prefix))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, DIRECTORY), 'utf8')) as RecordedCase); // our own data
}
