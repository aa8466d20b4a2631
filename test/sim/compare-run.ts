/** The rule by which a run counts as what was recorded. */
import { isDeepStrictEqual } from 'node:util';
import type { Ending } from '../../src/ports/world.ts';
import { normalise } from './normalise.ts';
import type { RecordedProbe } from './record-probe.ts';
import type { RecordedCase } from './recorded.ts';

/** All that a run gave back. */
export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status, or the signal that ended it; null for a process that a signal ended. */
  readonly status: Ending | null;
  /** What reached the first router, in order. */
  readonly probes: readonly RecordedProbe[];
}

/** Says in one line each what a run has other than its recorded case; empty when they agree. */
export function compareRun(recorded: RecordedCase, run: Run): string[] {
  const expected = { stdout: normalise(recorded.stdout), stderr: normalise(recorded.stderr) };
  return [
    ...unless('stderr', expected.stderr, likeUsage(expected.stderr, normalise(run.stderr))),
    ...unless('stdout', expected.stdout, normalise(run.stdout)),
    ...unless('status', recorded.rc, run.status),
    ...compareProbes(recorded.probes, run.probes),
    ...(recorded.probes.length === 0 ? run.probes.map(unexpected) : []),
  ];
}

function unless(what: string, expected: string | number, got: string | number | null): string[] {
  if (got === expected) return [];
  return [`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`];
}

function unexpected(probe: RecordedProbe): string {
  return `nothing may be sent, but this was: ${JSON.stringify(probe)}`;
}

/** A recorded usage text: it stands for whatever usage text the program prints. */
const ANY_USAGE = /^Usage: \S+ \.\.\.$/;
/** What a program may print before its usage text. */
const BANNER = /^Version .*\n/;
const FIRST_USAGE_LINE = /^(Usage: \S+ ).+(?:\n[^]*)?$/;

/** Brings `stderr` into the form of `recorded` where that is a usage text: then the first line alone counts. */
function likeUsage(recorded: string, stderr: string): string {
  if (!ANY_USAGE.test(recorded)) return stderr;
  return stderr.replace(BANNER, '').replace(FIRST_USAGE_LINE, '$1...');
}

/**
 * Says what is wrong with the probes that were sent; empty when each recorded one is there, the k-th of its TTL like
 * the k-th recorded of that TTL. More probes may have been sent. The ICMP identifier is random and does not count, nor
 * does a field that was not recorded.
 */
export function compareProbes(recorded: readonly RecordedProbe[], sent: readonly RecordedProbe[]): string[] {
  const sentByTtl = byTtl(sent);
  return [...byTtl(recorded.filter(isOfTracer))].flatMap(([ttl, expected]) =>
    expected.flatMap((probe, index) => {
      const found = sentByTtl.get(ttl)?.[index];
      if (found && agrees(probe, found)) return [];
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

/** RFC 792. */
const TIMESTAMP_REPLY = 14;

/** Timestamp replies are of the kernel on which the case was recorded. */
function isOfTracer({ icmp }: RecordedProbe): boolean {
  return icmp?.[0] !== TIMESTAMP_REPLY;
}

function agrees(recorded: RecordedProbe, sent: RecordedProbe): boolean {
  return isDeepStrictEqual(withoutIdentifier(sent), withoutIdentifier({ ...sent, ...recorded }));
}

function withoutIdentifier(probe: RecordedProbe): RecordedProbe {
  if (!probe.icmp) return probe;
  const [type, code, , sequence] = probe.icmp;
  return { ...probe, icmp: [type, code, 0, sequence] };
}
