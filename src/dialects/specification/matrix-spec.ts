/** The value of `--matrix`: a list of probes to compare. */
import { UsageError } from '../../model/errors.ts';
import type { MatrixProbe, MatrixRequest } from '../../model/plan.ts';
import { readProbes, type SpecNames } from './probe-request.ts';

/** The probes of `--matrix default`. */
const DEFAULT_PROBES = 'icmp,udp,tcp/80,tcp/443,tcp/443:ack,gre';
/** More columns tell less: nobody reads them, and routers limit the rate of their answers. */
const MAX_PROBES = 32;
/** The largest TTL of a matrix when the user gives none. */
export const MATRIX_MAX_TTL = 30;

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

/**
 * Reads a list of probe specifications.
 * @param option - the option's name, for messages
 * @throws UsageError that names the specification and what is wrong with it
 */
export function parseMatrix(text: string, option: string, names: SpecNames): readonly MatrixProbe[] {
  try {
    const specs = (text === 'default' ? DEFAULT_PROBES : text).split(',');
    const probes = specs.flatMap((spec) => readProbes(spec.trim(), names));
    refuseTooMany(probes.length);
    refuseTwice(probes);
    return probes;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${option} ${text}: ${error.message}`);
  }
}

function refuseTooMany(count: number): void {
  if (count <= MAX_PROBES) return;
  throw new UsageError(`${count} probes, at most ${MAX_PROBES} (name the ports that matter)`);
}

/** Two columns of one probe would take each other's replies. */
function refuseTwice(probes: readonly MatrixProbe[]): void {
  const seen = new Map<string, string>();
  for (const { name, probe } of probes) {
    const key = [probe.name, probe.protocol, probe.port ?? '', probe.tcpFlags].join();
    const before = seen.get(key);
    if (before !== undefined) throw new UsageError(`${name} is the same probe as ${before}`);
    seen.set(key, name);
  }
}
