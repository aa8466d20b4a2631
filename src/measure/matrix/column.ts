/** The traces of a matrix: one flow a column. */
import type { ProbeType } from '../../engine/probe-type.ts';
import { sequenceCount, type SchedulePlan } from '../../engine/schedule-plan.ts';
import type { TraceSpec } from '../../engine/trace.ts';
import type { Family } from '../../model/address.ts';
import type { MatrixProbe, Plan } from '../../model/plan.ts';
import type { Retry } from '../../verdict/retry.ts';
import { datagramLength, fillingOf } from '../datagram-length.ts';
import type { Endpoints } from '../endpoints.ts';
import type { Identity } from '../identity.ts';
import { traceSpec } from '../trace-spec.ts';
import { BATCH, hopsAhead, leastPauseMs, shareOf } from './crowd.ts';
import { ColumnRecord } from './recorder.ts';
import type { Span } from './spans.ts';

/** RFC 6437 section 2: 20 bits. */
const MAX_FLOW_LABEL = 0xfffff;

/** One column on its way: what is sent for it, and what came back. */
export interface Column {
  readonly record: ColumnRecord;
  /** Its first trace. */
  readonly spec: TraceSpec;
  /** Sequences that its traces have used up. */
  usedSequences: number;
  /** The largest sequence that it may send: one more could be taken for another column's. */
  readonly lastSequence: number;
  /** The sequence under whose number alone its probes pass a box on the way, once that shows. */
  passingNumber?: number | undefined;
}

/**
 * The column of a probe.
 * @throws UsageError when the length asked for has no room for its headers
 */
export function columnOf(
  probe: MatrixProbe,
  type: ProbeType,
  plan: Plan,
  endpoints: Endpoints,
  { span, opening, ...identity }: Identity & { readonly span: Span; readonly opening: number },
): Column {
  const length = payloadLength(plan, type, endpoints.family);
  const payload = fillingOf(plan.filling, length, identity.cookie);
  const wishes = { ...plan, probe: probe.probe, ...flowLabelOf(probe, plan, identity) };
  const spec = traceSpec(wishes, type, endpoints, identity, payload);
  const protocol = type.ipProtocol(endpoints.family, probe.probe.protocol);
  const paris = type.parisFamilies?.includes(endpoints.family) ?? false;
  const schedule = {
    ...spec.schedule,
    ...pacing(plan, spec.schedule, opensConnection(probe, type) ? opening : 0),
    // the rounds do that
    resends: false,
    // the other columns' routers are heard anyway
    listensOn: false,
    stopRule: 'proven-refusal' as const,
  };
  return {
    record: new ColumnRecord({
      ...probe,
      ...{ traits: type.traits, protocol, port: spec.flow.port },
      ...(paris && type.traits.hasPorts ? { sourcePort: identity.ident } : {}),
    }),
    // a rewritten destination shows that the target's box forwards the probe
    spec: { ...spec, flow: { ...spec.flow, paris }, schedule, translation: 'accept' },
    usedSequences: sequenceCount(schedule),
    lastSequence: span.sequences,
  };
}

/** Where a probe is sent in several flows, these differ in the label too, which IPv6 routers balance by. RFC 6438. */
function flowLabelOf(
  { flow }: MatrixProbe,
  { flowLabel }: Plan,
  { initialSequence }: Identity,
): Pick<Plan, 'flowLabel'> {
  return flow && flowLabel === undefined ? { flowLabel: initialSequence & MAX_FLOW_LABEL } : {};
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
  const together = Math.min(count, BATCH);
  return {
    parallel: parallel ?? Math.min(alone.parallel, shareOf(together)),
    pauseMs: Math.max(alone.pauseMs, leastPauseMs(count, opening)) * together,
    hopsAhead: hopsAhead(together * attempts),
  };
}

/**
 * The column whose probe goes ahead of all others to the target: its answer tells how far that is. Of a kind whose answers
 * always name their probe, and which opens no connection that what comes later would meet.
 */
export function scoutOf(columns: readonly Column[]): Column | undefined {
  return columns.find(({ spec }) => spec.probeType.answersFromAnywhere);
}

/** Leaves out what a column has no sequences left for. */
export function withinRoom(
  retries: readonly Retry[],
  columnOf: (name: string) => Column | undefined,
): readonly Retry[] {
  const used = new Map<string, number>();
  return retries.filter(({ column: name, attempts }) => {
    const column = columnOf(name);
    const next = (used.get(name) ?? column?.usedSequences ?? Infinity) + attempts;
    if (!column || next > column.lastSequence) return false;
    used.set(name, next);
    return true;
  });
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
