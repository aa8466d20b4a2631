/** The values of `--matrix` and `--flows`: the columns to compare. */
import { UsageError } from '../../model/errors.ts';
import { sanitiseName } from '../../model/name.ts';
import type { MatrixProbe, MatrixRequest } from '../../model/plan.ts';
import type { RuleLanguage } from '../../model/rule-language.ts';
import { readProbes, type SpecNames } from './probe-request.ts';

/** The word for a list of our own, alone or among specifications. */
export const DEFAULT = 'default';
/** The probes that it stands for. */
const DEFAULT_PROBES = 'icmp,udp,tcp/80,tcp/443,tcp/443:ack,gre';
/** More columns than this tell less: nobody reads them, and routers limit the rate of their answers. */
export const MAX_COLUMNS = 256;
/** Probes for each TTL where nobody says how many: one, where the columns of a matrix are so many that they help each other. */
const DEFAULT_ATTEMPTS = 3;
const MANY_COLUMNS = 33;
/** The rules that an explanation comes with when the user names none. */
const DEFAULT_RULES: readonly RuleLanguage[] = ['nft', 'pf'];
/** The largest TTL of a matrix when the user gives none. */
export const MATRIX_MAX_TTL = 30;
/** The probes that a matrix of eight columns sends over 15 hops, at most. */
const MOST_PROBES = 247;
const LONG_PATH = 15;
/** One alone would tell no lost answer from a filter. */
const LEAST_ATTEMPTS = 2;

/** What the options say of a matrix. */
interface MatrixWishes {
  readonly matrix?: string;
  readonly explain: boolean;
  readonly rules?: readonly RuleLanguage[];
  /** The flows of each probe, at least 1. */
  readonly flows?: number;
}

/**
 * The matrix that the options ask for; undefined without `--matrix`.
 * @throws UsageError on a bad list, and for options that are of no use without one
 */
export function matrixRequest(wishes: MatrixWishes, names: SpecNames): MatrixRequest | undefined {
  const { matrix, explain, rules, flows = 1 } = wishes;
  if (matrix === undefined) {
    refuseIdle(wishes);
    return undefined;
  }
  const probes = inFlows(parseMatrix(matrix, '--matrix', names), flows, '--flows');
  return { probes, explain, rules: rules ?? (explain ? DEFAULT_RULES : []) };
}

/** @throws UsageError for an option that says something of a matrix, where there is none */
function refuseIdle({ explain, rules, flows }: MatrixWishes): void {
  if (rules) throw new UsageError('--rules: there are no verdicts without --matrix');
  if (explain) throw new UsageError('--explain: there are no verdicts without --matrix');
  if (flows !== undefined) throw new UsageError('--flows: there are no columns to repeat without --matrix');
}

/**
 * Each probe in so many flows, which differ in the source port, or in what stands for it.
 * @param option - the option's name, for messages
 * @throws UsageError when these are too many
 */
export function inFlows(
  probes: readonly MatrixProbe[],
  count: number,
  option: string,
): readonly MatrixProbe[] {
  if (count === 1) return probes;
  const all = probes.length * count;
  if (all > MAX_COLUMNS) {
    const most = Math.floor(MAX_COLUMNS / probes.length);
    const fewer = most > 1 ? `${most} flows fit` : 'name fewer probes';
    throw new UsageError(
      `${option} ${count}: ${probes.length} probes make ${all} columns, at most ${MAX_COLUMNS} (${fewer})`,
    );
  }
  return probes.flatMap((probe) =>
    Array.from({ length: count }, (_, index) => {
      const flow = { of: probe.name, number: index + 1, count };
      return { ...probe, name: `${probe.name}#${flow.number}`, flow };
    }),
  );
}

/** The probes for each TTL when the user gives no number. @param columns - of a matrix; 0 for a trace */
export function defaultAttempts(columns = 0): number {
  if (columns === 0) return DEFAULT_ATTEMPTS;
  if (columns >= MANY_COLUMNS) return 1;
  const share = Math.floor(MOST_PROBES / (LONG_PATH * columns));
  return Math.min(DEFAULT_ATTEMPTS, Math.max(LEAST_ATTEMPTS, share));
}

/**
 * Reads a list of probe specifications.
 * @param lists - parted by commas; several lists count as one
 * @param option - the option's name, for messages
 * @throws UsageError that names the specification and what is wrong with it
 */
export function parseMatrix(
  lists: string | readonly string[],
  option: string,
  names: SpecNames,
): readonly MatrixProbe[] {
  const texts = typeof lists === 'string' ? [lists] : lists;
  try {
    const specs = texts.flatMap((text) => spelledOut(text.split(',').map((spec) => spec.trim())));
    const probes = specs.filter((spec) => spec !== DEFAULT).flatMap((spec) => readProbes(spec, names));
    refuseTooMany(probes.length);
    refuseTwice(probes);
    const all = specs.includes(DEFAULT) ? withDefaults(probes, names) : probes;
    refuseTooMany(all.length);
    return all;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${option} ${sanitiseName(texts.join())}: ${error.message}`);
  }
}

/**
 * Gives each port of a list its protocol: `tcp/22,80,443` stands for `tcp/22,tcp/80,tcp/443`. A number that follows no port
 * is the number of an IP protocol.
 */
function spelledOut(specs: readonly string[]): readonly string[] {
  let protocol: string | undefined;
  return specs.map((spec) => {
    if (protocol !== undefined && /^\d+(-\d*)?(:|$)/.test(spec)) return `${protocol}/${spec}`;
    protocol = /^([^/:]+)\//.exec(spec)?.[1];
    return spec;
  });
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
  if (count <= MAX_COLUMNS) return;
  throw new UsageError(`${count} columns, at most ${MAX_COLUMNS} (name the ports that matter)`);
}

/** Two columns of one probe would take each other's replies. */
function refuseTwice(probes: readonly MatrixProbe[]): void {
  const seen = new Map<string, string>();
  for (const probe of probes) {
    const { name } = probe;
    const key = keyOf(probe);
    const before = seen.get(key);
    if (before === name) throw new UsageError(`${name} stands there twice`);
    if (before !== undefined) throw new UsageError(`${name} is the same probe as ${before}`);
    seen.set(key, name);
  }
}
