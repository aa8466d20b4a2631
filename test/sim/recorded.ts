/** The recorded cases of test/golden, and the rule by which a run's probes are compared with theirs. */
import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { PathFormat } from './path-format.ts';
import type { RecordedProbe } from './record-probe.ts';

export interface RecordedCase {
  readonly name: string;
  readonly dialect: 'traceroute' | 'tcptraceroute';
  readonly argv: readonly string[];
  readonly topo: PathFormat;
  /** Exit status. */
  readonly rc: number;
  /** Normalised, see normalise.ts. */
  readonly stdout: string;
  readonly stderr: string;
  readonly probes: readonly RecordedProbe[];
}

const DIRECTORY = new URL('../golden/', import.meta.url);

/** The recorded cases whose name begins with `prefix`, in order of name. */
export function recordedCases(prefix = ''): RecordedCase[] {
  return readdirSync(DIRECTORY)
    .filter((file) => file.endsWith('.json') && file.startsWith(prefix))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, DIRECTORY), 'utf8')) as RecordedCase); // our own data
}

/**
 * What is wrong with the probes that were sent: empty when each recorded one is there, the k-th of its TTL like
 * the k-th recorded of that TTL. More than those may have been sent, and the ICMP identifier is random.
 */
export function compareProbes(recorded: readonly RecordedProbe[], sent: readonly RecordedProbe[]): string[] {
  const sentByTtl = byTtl(sent);
  return [...byTtl(recorded)].flatMap(([ttl, expected]) =>
    expected.flatMap((probe, index) => {
      const found = sentByTtl.get(ttl)?.[index];
      if (found && isDeepStrictEqual(withoutIdentifier(found), withoutIdentifier(probe))) return [];
      const what = `probe ${index + 1} of TTL ${ttl}`;
      if (!found) return [`${what} was not sent: ${JSON.stringify(probe)}`];
      return [`${what} is ${JSON.stringify(found)}, recorded ${JSON.stringify(probe)}`];
    }),
  );
}

function byTtl(probes: readonly RecordedProbe[]): Map<number, RecordedProbe[]> {
  const groups = new Map<number, RecordedProbe[]>();
  for (const probe of probes) groups.set(probe.ttl, [...(groups.get(probe.ttl) ?? []), probe]);
  return groups;
}

function withoutIdentifier(probe: RecordedProbe): RecordedProbe {
  if (!probe.icmp) return probe;
  const [type, code, , sequence] = probe.icmp;
  return { ...probe, icmp: [type, code, 0, sequence] };
}
