/** Options of the library -> plan: what the command line is to the commands. */
import type { Family } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';
import { given } from '../model/given.ts';
import { sanitiseName } from '../model/name.ts';
import type { MatrixProbe, Plan, ProbeRequest } from '../model/plan.ts';
import { emptyCommonDraft } from './common.ts';
import { familiesFor } from './families.ts';
import { matrixAttempts, parseMatrix } from './specification/matrix-spec.ts';
import type { SpecNames } from './specification/probe-request.ts';

/** How to send and how long to wait. All are optional; what is left out is as `traceroute` has it. */
export interface MeasureOptions {
  /** IPv4 or IPv6 alone; the host's own choice when absent. */
  readonly family?: Family;
  /** The TTL to begin with, 1 to 255; 1. */
  readonly firstTtl?: number;
  /** The largest TTL, 1 to 255; 30. */
  readonly maxTtl?: number;
  /** Probes of each hop, 1 to 255; 3. */
  readonly attempts?: number;
  /** Seconds to wait for each reply, 0.001 to 86400: exact. Up to 5, and less on fast paths, when absent. */
  readonly waitSeconds?: number;
  /** Probes in flight at once, 1 to 1024; 48. */
  readonly parallel?: number;
  /** Milliseconds between two sends, 0 to 3600000; 0. */
  readonly pauseMs?: number;
  /** Octets of the whole packet, up to 32768; as many as the headers need, and at least 40. */
  readonly length?: number;
  /** TOS octet or traffic class, 0 to 255; 0. */
  readonly tos?: number;
  readonly dontFragment?: boolean;
  /** Name or address to send from; the system's choice when absent. */
  readonly source?: string;
  /** Name of the interface to send from; the system's choice when absent. */
  readonly interface?: string;
  /** The way to the wire; `auto` is the best that can be had. */
  readonly transport?: Plan['transport'];
}

/** The probe, the port and the flags in one word: `icmp`, `udp/53`, `tcp/443`, `tcp/443:ack`, `gre`, `89`. */
export type ProbeSpecification = string;

const DEFAULT_PROBE = 'udp';
/** Longer ones are no specification. */
const MOST_SPECIFICATION = 1000;
const DEFAULT_MAX_TTL = 30;
const DEFAULT_ATTEMPTS = 3;
const DEFAULT_WAIT_SECONDS = 5;
const DAY_SECONDS = 24 * 60 * 60;
const HOUR_MS = 60 * 60 * 1000;
/** What the largest IPv4 datagram of both originals has. */
const MAX_LENGTH = 32 * 1024;

/**
 * The plan of one trace.
 * @throws UsageError that names the option, its value and what it may be
 */
export function planOfTrace(
  host: string,
  probe: ProbeSpecification = DEFAULT_PROBE,
  options: MeasureOptions,
  names: SpecNames,
): Plan {
  const [parsed, ...more] = parseMatrix(specificationOf('probe', probe), 'probe', names);
  if (!parsed || more.length > 0) {
    throw new UsageError(`probe ${probe}: a trace has one probe (a matrix compares several)`);
  }
  return { ...basePlan(host, options), probe: risingPorts(parsed) };
}

/**
 * The plan of a matrix, and its probes.
 * @throws UsageError that names the option, its value and what it may be
 */
export function planOfMatrix(
  host: string,
  probes: readonly ProbeSpecification[],
  options: MeasureOptions,
  names: SpecNames,
): { plan: Plan; probes: readonly MatrixProbe[] } {
  if (!Array.isArray(probes)) refuse('probes', probes, 'a list such as icmp and tcp/443');
  const texts = probes.map((probe: unknown) => specificationOf('probes', probe));
  const parsed = parseMatrix(texts.join(), 'probes', names);
  const [first] = parsed;
  if (!first) throw new UsageError('probes: a matrix needs one at least, such as icmp or tcp/443');
  const plan = basePlan(host, options);
  const attempts = options.attempts ?? matrixAttempts(parsed.length, plan.attempts);
  return { plan: { ...plan, attempts, probe: first.probe }, probes: parsed };
}

/** As traceroute has it, the destination port rises from probe to probe where nobody named one. */
function risingPorts({ probe }: MatrixProbe): ProbeRequest {
  return { ...probe, fixedPort: probe.port !== undefined };
}

function basePlan(host: string, options: MeasureOptions): Omit<Plan, 'probe'> {
  checkTypes(options);
  const { firstTtl = 1, maxTtl = DEFAULT_MAX_TTL, attempts = DEFAULT_ATTEMPTS } = options;
  const { waitSeconds, parallel, pauseMs = 0, length, tos = 0 } = options;
  wholeFrom('maxTtl', maxTtl, 1, 255);
  wholeFrom('firstTtl', firstTtl, 1, maxTtl);
  wholeFrom('attempts', attempts, 1, 255);
  numberFrom('waitSeconds', waitSeconds, 0.001, DAY_SECONDS);
  wholeFrom('parallel', parallel, 1, 1024);
  numberFrom('pauseMs', pauseMs, 0, HOUR_MS);
  wholeFrom('length', length, 1, MAX_LENGTH);
  wholeFrom('tos', tos, 0, 255);
  return {
    host: hostOf(host),
    families: familiesFor(host, options.family, options.source),
    firstTtl,
    maxTtl,
    attempts,
    ...emptyCommonDraft().settings,
    ...given({ waitSeconds, length, source: options.source, device: options.interface }),
    ...given({ parallel, transport: options.transport }),
    defaultWaitSeconds: DEFAULT_WAIT_SECONDS,
    pauseMs,
    stopRule: 'first-refusal',
    filling: 'zeros',
    tos,
    dontFragment: options.dontFragment ?? false,
    gateways: [],
    checksums: true,
    dontRoute: false,
    socketDebug: false,
    names: 'all',
    asNumbers: false,
    display: { verbosity: 0, debug: false, octets: false, loss: false, ecn: false },
  };
}

const CHOICES = ['auto', 'kernel', 'raw-socket'];
/** So much of a value is shown in a message. */
const SHOWN_LENGTH = 60;

const isText = (value: unknown): boolean => typeof value === 'string';
/** Options that are no numbers: which values they take, in code and in words. */
const TYPES: readonly (readonly [keyof MeasureOptions, (value: unknown) => boolean, string])[] = [
  ['family', (value) => value === 4 || value === 6, '4 or 6'],
  ['source', isText, 'a name or an address'],
  ['interface', isText, 'a name'],
  ['transport', (value) => isText(value) && CHOICES.includes(String(value)), `one of ${CHOICES.join(', ')}`],
  ['dontFragment', (value) => typeof value === 'boolean', 'true or false'],
];

/** Refuses what JavaScript lets pass though the types do not. */
function checkTypes(options: MeasureOptions): void {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw new UsageError(`options ${shown(options)}: expected an object`);
  }
  for (const [name, isRight, expected] of TYPES) {
    const value = options[name];
    if (value !== undefined && !isRight(value)) refuse(name, value, expected);
  }
}

function refuse(name: string, value: unknown, expected: string): never {
  throw new UsageError(`${name} ${shown(value)}: expected ${expected}`);
}

/** A value as a message has it: short, and fit for any terminal. */
function shown(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? 'an object' : String(value);
  return sanitiseName(text.slice(0, SHOWN_LENGTH));
}

function hostOf(host: string): string {
  if (typeof host === 'string' && host !== '') return host;
  throw new UsageError('host: expected a name or an address');
}

function specificationOf(name: string, value: unknown): string {
  if (typeof value === 'string' && value.length <= MOST_SPECIFICATION) return value;
  return refuse(name, value, 'a specification such as icmp, udp/53 or tcp/443');
}

function wholeFrom(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  refuse(name, value, `a whole number from ${least} to ${most}`);
}

function numberFrom(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) return;
  refuse(name, value, `a number from ${least} to ${most}`);
}
