/** The value of `--matrix`: a list of probes to compare. */
import { UsageError } from '../../model/errors.ts';
import type { MatrixProbe, MatrixRequest } from '../../model/plan.ts';
import { readProbes, type SpecNames } from './probe-request.ts';

/** The word for a list of our own, alone or among specifications. */
export const DEFAULT = 'default';
/** The probes that it stands for. */
const DEFAULT_PROBES = 'icmp,udp,tcp/80,tcp/443,tcp/443:ack,gre';
/** More columns tell less: nobody reads them, and routers limit the rate of their answers. */
const MAX_PROBES = 32;
/** The largest TTL of a matrix when the user gives none. */
export const MATRIX_MAX_TTL = 30;
/** The probes that a matrix of eight columns sends over 15 hops, at most. */
const MOST_PROBES = 247;
const LONG_PATH = 15;
/** One alone would tell no lost answer from a filter. */
const LEAST_ATTEMPTS = 2;

/**
 * The matrix that the options ask for; undefined without `--matrix`.
 * @throws UsageError on a bad list, and for `--explain` without one
 */
export function matrixRequest(
  { matrix, explain }: { readonly matrix?: string; readonly explain: boolean },
  names: SpecNames,
): MatrixRequest | undefined {
  if (matrix !== undefined) return { probes: parseMatrix(matrix, '--matrix', names), explain };
  if (explain) throw new UsageError('--explain: there are no verdicts without --matrix');
  return undefined;
}

/** The attempts at each hop of so many columns, of `usual` ones, where nobody names a number. */
export function matrixAttempts(columns = 1, usual: number): number {
  return Math.min(usual, Math.max(LEAST_ATTEMPTS, Math.floor(MOST_PROBES / (LONG_PATH * columns))));
}

/**
 * Reads a list of probe specifications.
 * @param option - the option's name, for messages
 * @throws UsageError that names the specification and what is wrong with it
 */
export function parseMatrix(text: string, option: string, names: SpecNames): readonly MatrixProbe[] {
  try {
    const specs = text.split(',').map((spec) => spec.trim());
    const probes = specs.filter((spec) => spec !== DEFAULT).flatMap((spec) => readProbes(spec, names));
    refuseTwice(probes);
    const all = specs.includes(DEFAULT) ? withDefaults(probes, names) : probes;
    refuseTooMany(all.length);
    return all;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${option} ${text}: ${error.message}`);
  }
}

/** The list of our own, and what it lacks of the user's probes behind it. */
function withDefaults(probes: readonly MatrixProbe[], names: SpecNames): readonly MatrixProbe[] {
  const ours = DEFAULT_PROBES.split(',').flatMap((spec) => readProbes(spec, names));
  const known = new Set(ours.map(keyOf));
  return [...ours, ...probes.filter((probe) => !known.has(keyOf(probe)))];
}

/** Two probes of one key are the same packets. */
function keyOf({ probe }: MatrixProbe): string {
  return [probe.name, probe.protocol, probe.port ?? '', probe.tcpFlags].join();
}

function refuseTooMany(count: number): void {
  if (count <= MAX_PROBES) return;
  throw new UsageError(`${count} probes, at most ${MAX_PROBES} (name the ports that matter)`);
}

/** Two columns of one probe would take each other's replies. */
function refuseTwice(probes: readonly MatrixProbe[]): void {
  const seen = new Map<string, string>();
  for (const probe of probes) {
    const { name } = probe;
    const key = keyOf(probe);
    const before = seen.get(key);
    if (before !== undefined) throw new UsageError(`${name} is the same probe as ${before}`);
    seen.set(key, name);
  }
}
