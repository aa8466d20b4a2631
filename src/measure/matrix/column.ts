/** The traces of a matrix: one flow a column. */
import type { ProbeType } from '../../engine/probe-type.ts';
import { sequenceCount, type SchedulePlan } from '../../engine/schedule-plan.ts';
import type { TraceSpec } from '../../engine/trace.ts';
import type { Family } from '../../model/address.ts';
import type { MatrixProbe, Plan } from '../../model/plan.ts';
import { datagramLength, fillingOf } from '../datagram-length.ts';
import type { Endpoints } from '../endpoints.ts';
import type { Identity } from '../identity.ts';
import { traceSpec } from '../trace-spec.ts';
import { ColumnRecord } from './recorder.ts';

/** One column on its way: what is sent for it, and what came back. */
export interface Column {
  readonly record: ColumnRecord;
  /** Its first trace. */
  readonly spec: TraceSpec;
  /** Sequences that its traces have used up. */
  usedSequences: number;
  /** The sequence under whose number alone its probes pass a box on the way, once that shows. */
  passingNumber?: number | undefined;
}

/** The probes that all columns together have in flight, and each at least. */
const WINDOW = 288;
const LEAST_WINDOW = 12;
/**
 * The probes that all columns together send beyond the furthest answer: a Linux router that looks for the target keeps some
 * 270 packets meanwhile, drops the oldest of more, and answers the oldest that it has. The hops of one column, at least.
 */
const AHEAD = 200;
const LEAST_AHEAD = 4;
/** Milliseconds between two segments that open connections, where so many columns do: a flood has them closer. */
const OPENING_PAUSE_MS = 1;
const MANY_OPENING = 8;

/**
 * The column of a probe.
 * @param opening - the columns that open connections
 * @throws UsageError when the length asked for has no room for its headers
 */
export function columnOf(
  probe: MatrixProbe,
  type: ProbeType,
  plan: Plan,
  endpoints: Endpoints,
  identity: Identity,
  opening: number,
): Column {
  const payload = fillingOf(plan.filling, payloadLength(plan, type, endpoints.family));
  const spec = traceSpec({ ...plan, probe: probe.probe }, type, endpoints, identity, payload);
  const protocol = type.ipProtocol(endpoints.family, probe.probe.protocol);
  const paris = type.parisFamilies?.includes(endpoints.family) ?? false;
  const schedule = {
    ...spec.schedule,
    ...pacing(plan, spec.schedule, opensConnection(probe, type) ? opening : 0),
    // the rounds do that
    resends: false,
    stopRule: 'first-refusal' as const,
  };
  return {
    record: new ColumnRecord({ ...probe, traits: type.traits, protocol, port: spec.flow.port }),
    spec: { ...spec, flow: { ...spec.flow, paris }, schedule },
    usedSequences: sequenceCount(schedule),
  };
}

/** Tells whether a target may open a connection for it. */
export function opensConnection({ probe }: MatrixProbe, { traits }: ProbeType): boolean {
  return traits.flags?.opens(probe.tcpFlags) ?? false;
}

/** The octets that fill a probe up. One length is for all columns: each takes the most of it that its unit allows. */
function payloadLength(plan: Plan, type: ProbeType, family: Family): number {
  if (plan.length !== undefined) {
    const length = plan.length - (plan.length % type.lengthUnit);
    return datagramLength({ ...plan, length }, type, family).payload;
  }
  return type.traits.matrixPayload ?? datagramLength(plan, type, family).payload;
}

/** The columns take turns: together they keep the window and the pause that one trace would. */
function pacing(
  { matrix, parallel, attempts }: Plan,
  alone: Pick<SchedulePlan, 'parallel' | 'pauseMs'>,
  opening: number,
): Pick<SchedulePlan, 'parallel' | 'pauseMs' | 'hopsAhead'> {
  const count = matrix?.probes.length ?? 1;
  const share = Math.max(LEAST_WINDOW, Math.floor(WINDOW / count));
  return {
    parallel: parallel ?? Math.min(alone.parallel, share),
    pauseMs: Math.max(alone.pauseMs * count, opening < MANY_OPENING ? 0 : OPENING_PAUSE_MS * opening),
    hopsAhead: Math.max(LEAST_AHEAD, Math.floor(AHEAD / (count * attempts))),
  };
}

/**
 * The column whose probe goes ahead of all others to the target: its answer tells how far that is. Of a kind whose answers
 * always name their probe, and which opens no connection that what comes later would meet.
 */
export function scoutOf(columns: readonly Column[]): Column | undefined {
  return columns.find(({ spec }) => spec.probeType.answersFromAnywhere);
}

/** A trace of a few more probes in the flow of a column. */
export function retrySpec(column: Column, ttl: number, attempts: number, waitMs: number): TraceSpec {
  const { spec, usedSequences } = column;
  column.usedSequences += attempts;
  return {
    ...spec,
    sequenceOffset: usedSequences,
    repeats: column.passingNumber,
    schedule: {
      ...spec.schedule,
      reopens: false,
      firstTtl: ttl,
      maxTtl: ttl,
      attempts,
      wait: { maxMs: waitMs, hereFactor: 0, nearFactor: 0 },
      // answers under one number do not tell which of several probes they belong to
      parallel: column.passingNumber === undefined ? attempts : 1,
      overlapWaits: false,
      pauseMs: 0,
    },
  };
}
