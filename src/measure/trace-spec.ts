/** From what the user asked for to what the engine runs. */
import type { Flow } from '../model/flow.ts';
import type { ProbeType } from '../engine/probe-type.ts';
import type { SchedulePlan } from '../engine/schedule-plan.ts';
import type { TraceSpec } from '../engine/trace.ts';
import type { WaitPolicy } from '../engine/wait.ts';
import { octetsOf } from '../model/address.ts';
import type { Plan } from '../model/plan.ts';
import type { Transport } from '../ports/transport.ts';
import type { Endpoints } from './endpoints.ts';
import type { Identity } from './identity.ts';

const DEFAULT_PARALLEL = 48;
/** Factors of the adaptive wait, those of modern Linux traceroute. */
const HERE_FACTOR = 3;
const NEAR_FACTOR = 10;
/**
 * The longest wait is no shorter than this: the last router may first look for a host that is down, and the path may be
 * long. tcptraceroute, which sends the next probe after 3 s, hears of it all the same.
 */
const LEAST_LONGEST_MS = 4000;

/** The trace of a plan between these endpoints. `payload` fills the probes up. */
export function traceSpec(
  plan: Plan,
  probeType: ProbeType,
  endpoints: Endpoints,
  identity: Identity,
  payload: Uint8Array,
): TraceSpec {
  const { target, gateways } = endpoints;
  return {
    probeType,
    flow: flowOf(plan, probeType, endpoints, identity),
    target,
    gateways,
    schedule: scheduleOf(plan, probeType),
    tos: plan.tos,
    flowLabel: plan.flowLabel ?? 0,
    dontFragment: plan.dontFragment,
    payload,
    translation: plan.translation === 'ignore' ? 'ignore' : 'accept',
  };
}

/** The fields that all probes of a plan have in common. */
export function flowOf(
  { probe, checksums }: Pick<Plan, 'probe' | 'checksums'>,
  type: ProbeType,
  { family, source, target }: Pick<Endpoints, 'family' | 'source' | 'target'>,
  identity: Identity,
): Flow {
  return {
    family,
    source: octetsOf(source),
    destination: octetsOf(target),
    ident: identity.ident,
    initialSequence: identity.initialSequence,
    firstIdentification: identity.firstIdentification,
    port: probe.port ?? type.defaultPort,
    fixedPort: probe.fixedPort,
    portPerProbe: probe.portPerProbe,
    tcpFlags: probe.tcpFlags,
    protocol: probe.protocol,
    checksums,
  };
}

/** When the probes of a plan are sent, and how long each is waited for. */
export function scheduleOf(plan: Plan, { traits }: ProbeType): SchedulePlan {
  const { firstTtl, maxTtl, attempts, pauseMs, stopRule, parallel, probe, gap } = plan;
  return {
    firstTtl,
    maxTtl,
    attempts,
    pauseMs,
    stopRule,
    ...(gap === undefined ? {} : { gapLimit: gap }),
    wait: waitOf(plan),
    parallel: parallel ?? DEFAULT_PARALLEL,
    overlapWaits: parallel === undefined,
    resends: parallel === undefined && plan.waitSeconds === undefined,
    reopens: traits.asksForOneConnection?.(probe) ?? false,
    // a box on the way forges what has control bits: a RST, or the SYN-ACK of a proxy
    listensOn: traits.flags !== undefined,
  };
}

/** Milliseconds that a probe is waited for at most where the user has not said how long. */
export function longestWaitMs(defaultWaitSeconds: number): number {
  return Math.max(LEAST_LONGEST_MS, defaultWaitSeconds * 1000);
}

function waitOf({ waitSeconds, defaultWaitSeconds, waitFactors }: Plan): WaitPolicy {
  const { here = HERE_FACTOR, near = NEAR_FACTOR } = waitFactors ?? {};
  const maxMs = waitFactors ? defaultWaitSeconds * 1000 : longestWaitMs(defaultWaitSeconds);
  return waitSeconds === undefined
    ? { maxMs, hereFactor: here, nearFactor: near }
    : { maxMs: waitSeconds * 1000, hereFactor: 0, nearFactor: 0 };
}

/** The trace as this transport sends it: where each SYN is a connection of its own, none is sent again for another's sake. */
export function sentBy(
  { connectsEach = false }: Pick<Transport, 'connectsEach'>,
  spec: TraceSpec,
): TraceSpec {
  return connectsEach ? { ...spec, schedule: { ...spec.schedule, reopens: false } } : spec;
}
