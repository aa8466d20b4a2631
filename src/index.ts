/** The library: what is measured, without argv, text or process exit. docs/library.md */
import { requestedType } from './command/requested-type.ts';
import {
  checkOptions,
  libraryOption,
  planOfMatrix,
  plansOfTraces,
  type MeasureOptions,
  type ProbeSpecification,
} from './dialects/library.ts';
import { labelledTraces, type LabelEvent, type LabelEventOf } from './measure/labelled.ts';
import type { MatrixEvent } from './measure/matrix/matrix-event.ts';
import { matrix as matrixOf } from './measure/matrix/matrix.ts';
import { Names } from './measure/names.ts';
import { throwIfStopped, type MeasureContext, type StopSignal, type Wording } from './measure/context.ts';
import { traceAll as tracesOf } from './measure/trace.ts';
import type { TraceEvent, TraceEventOf } from './measure/trace-event.ts';
import type { Plan } from './model/plan.ts';
import { realWorld } from './net/world.ts';
import type { World } from './ports/world.ts';

export { MissingRightError, ResolveError, TransportError, UsageError } from './model/errors.ts';
export { VERSION } from './version.ts';
export type { MeasureOptions, ProbeSpecification } from './dialects/library.ts';
export type { LabelEvent, LabelEventOf } from './measure/labelled.ts';
export type { MatrixEvent } from './measure/matrix/matrix-event.ts';
export type { StopSignal } from './measure/context.ts';
export type { TraceEvent, TraceEventOf } from './measure/trace-event.ts';
export type { Address, Family } from './model/address.ts';
export type { Label } from './model/label.ts';
export type { Outcome, StopReason } from './model/outcome.ts';
export type { Probe } from './model/probe.ts';
export type { Reply, ReplyKind } from './model/reply.ts';
export type { World } from './ports/world.ts';
export type { Verdict, VerdictState } from './verdict/verdict.ts';

/** What any measurement may be given besides how to send. */
export interface RunOptions extends MeasureOptions {
  /** Ends the measurement where it is: what is known by then is still told. */
  readonly signal?: StopSignal;
  /** Look up the names of responders: `label` events tell them. Not looked up when absent. */
  readonly names?: boolean;
  /** Takes one line that the user should read, such as that a name has several addresses. Dropped when absent. */
  readonly warn?: (message: string) => void;
  /** What to measure over; this machine when absent. Tests give a simulated one. */
  readonly world?: World;
}

/** Options of `trace` and `traceAll`. */
export interface TraceOptions extends RunOptions {
  /** The probe; `udp` when absent, to ports that rise from 33435 on. */
  readonly probe?: ProbeSpecification;
}

/** Options of `matrix`. */
export interface MatrixOptions extends Omit<RunOptions, 'names'> {
  /** The probes to compare; a range of ports such as `tcp/20-34` counts as many. */
  readonly probes: readonly ProbeSpecification[];
  /** The flows of each probe, each from a source port of its own, 1 to 256; 1. All together make up to 256 columns. */
  readonly flows?: number;
}

/**
 * Traces to one host. Leaving the loop ends the trace.
 * @throws UsageError for options that cannot be; ResolveError for a host without an address; TransportError when the
 * system refuses sockets or sends
 */
export async function* trace(
  host: string,
  options: TraceOptions = {},
): AsyncGenerator<TraceEvent | LabelEvent, void> {
  for await (const { event } of traceAll([host], options)) {
    if (event.type === 'refused') throw event.error;
    yield event;
  }
}

/**
 * Traces to many hosts at once, through one engine and one pair of sockets. A host that is no good tells `refused`, and
 * the others go on.
 * @throws as `trace`, save for what concerns one host alone
 */
export async function* traceAll(
  hosts: readonly string[],
  options: TraceOptions = {},
): AsyncGenerator<TraceEventOf | LabelEventOf, void> {
  checkOptions(options);
  const world = options.world ?? libraryWorld();
  const wanted = plansOfTraces(hosts, options.probe, options, world);
  throwIfStopped(options.signal);
  const plans: { readonly plan: Plan; readonly index: number }[] = [];
  for (const [index, plan] of wanted.entries()) {
    if ('error' in plan) yield { host: plan.host, index, event: { type: 'refused', error: plan.error } };
    else plans.push({ plan, index });
  }
  const events = tracesTo(
    plans.map(({ plan }) => plan),
    options,
    world,
  );
  for await (const item of events) yield { ...item, index: plans[item.index]?.index ?? item.index };
}

async function* tracesTo(
  plans: readonly Plan[],
  options: TraceOptions,
  world: World,
): AsyncGenerator<TraceEventOf | LabelEventOf, void> {
  const [first] = plans;
  if (!first) return;
  const { context, close } = contextOf(first, options, world);
  try {
    const traces = options.names ? labelledTraces : tracesOf;
    yield* traces(plans, requestedType(first.probe), context);
  } finally {
    await close();
  }
}

/**
 * Sends many kinds of probes to one host and judges where each one ends.
 * @throws as `trace`
 */
export async function* matrix(host: string, options: MatrixOptions): AsyncGenerator<MatrixEvent, void> {
  checkOptions(options);
  const world = options.world ?? libraryWorld();
  const { plan, probes } = planOfMatrix(host, options.probes, options, world);
  const { context, close } = contextOf(plan, options, world);
  const senders = probes.map((probe) => ({ probe, type: requestedType(probe.probe) }));
  try {
    yield* matrixOf(plan, senders, context);
  } finally {
    await close();
  }
}

/** This machine. The rights of the process stay as they are: it may want to open sockets again. */
function libraryWorld(): World {
  const world = realWorld();
  return { ...world, machine: { ...world.machine, dropPrivileges: () => Promise.resolve() } };
}

function contextOf(
  plan: Plan,
  { signal, warn = () => undefined }: RunOptions,
  world: World,
): { context: MeasureContext; close: () => Promise<void> } {
  const names = new Names(world, { ...plan, cutLocalDomain: false, warn });
  const wording: Wording = {
    option: libraryOption,
    badHost: (_name, _use, reason) => reason,
    portInUse: (port) => `local port ${port} is in use (leave the choice to the system)`,
    severalAddresses: (name, used) => `Warning: ${name} has multiple addresses; using ${used}`,
  };
  const context = { world, names, wording, warn, ...(signal ? { signal } : {}) };
  return { context, close: () => names.close() };
}
