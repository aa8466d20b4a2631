/** Carries out a plan: one trace, from opening sockets to the last line. */
import { encodeDatagram } from '../engine/encode-datagram.ts';
import type { Machine, ReservedPort } from '../ports/machine.ts';
import type { Transport } from '../ports/transport.ts';
import type { ProbeType } from '../engine/probe-type.ts';
import { sequenceCount } from '../engine/schedule-plan.ts';
import { Trace } from '../engine/trace.ts';
import { Tracer, type TraceListener } from '../engine/tracer.ts';
import type { StopReason } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import type { Renderer, TraceFacts } from '../render/renderer.ts';
import { datagramLength, fillingOf } from '../measure/datagram-length.ts';
import { findEndpoints, type BadHost, type Endpoints } from '../measure/endpoints.ts';
import { Names } from '../measure/names.ts';
import { countsText, narrated } from './narration.ts';
import { Printer } from './printer.ts';
import { openTransport, reservePort } from '../measure/sockets.ts';
import { scheduleOf, traceSpec } from '../measure/trace-spec.ts';
import type { World } from '../ports/world.ts';

/** How a command shows a trace. */
export interface Style {
  readonly program: string;
  readonly cutLocalDomain: boolean;
  renderer(facts: TraceFacts, plan: Plan): Renderer;
  readonly badHost: BadHost;
  /** Words for a local port that another program has. */
  portInUse(port: number): string;
}

/**
 * Runs the trace and prints it.
 * @throws UsageError, ResolveError or TransportError before anything was sent
 */
export async function runTrace(plan: Plan, type: ProbeType, style: Style, world: World): Promise<StopReason> {
  const { machine } = world;
  const warn = (message: string): void => {
    world.stderr(`${style.program}: ${message}\n`);
  };
  const transport = await openTransport(plan, [type], machine, warn);
  let reserved: ReservedPort | undefined;
  const names = new Names(world, { ...plan, cutLocalDomain: style.cutLocalDomain, warn });
  try {
    reserved = await reservePort(plan, type, style, world);
    await machine.dropPrivileges();
    const endpoints = await findEndpoints(plan, { names, machine, warn, badHost: style.badHost });
    const sourcePort = plan.sourcePort?.port ?? reserved?.port;
    return await trace({ plan, type, style, world, names, transport, endpoints, sourcePort });
  } finally {
    await names.close();
    reserved?.release();
    transport.close();
  }
}

interface Job {
  readonly plan: Plan;
  readonly type: ProbeType;
  readonly style: Style;
  readonly world: World;
  readonly names: Names;
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly sourcePort: number | undefined;
}

async function trace(job: Job): Promise<StopReason> {
  const { plan, type, style, world, names, transport, endpoints } = job;
  const { machine, clock } = world;
  const length = datagramLength(plan, type, endpoints.family);
  const identity = {
    ident: job.sourcePort ?? freshIdent(plan, machine),
    initialSequence: machine.random(0x1_0000_0000),
  };
  const one = new Trace(traceSpec(plan, type, endpoints, identity, fillingOf(plan.filling, length.payload)));
  const facts = factsOf(job, length.total);
  const printer = new Printer(world, style.renderer(facts, plan), names);
  let stopped: StopReason = 'interrupted';
  const listener: TraceListener = {
    onReply: (_trace, _probe, reply) => void names.label(reply.responder),
    onOutcome: (_trace, outcome) => {
      printer.outcome(outcome, () => encodeDatagram(one.datagram(outcome.probe)));
    },
    onStop: (_trace, reason) => (stopped = reason),
    onForeign: (foreign) => {
      printer.foreign(foreign);
    },
  };
  const say = (text: string): void => {
    printer.note(text);
  };
  const tracer = new Tracer(
    [one],
    transport,
    clock,
    plan.display.debug ? narrated(listener, say, plan) : listener,
  );
  if (!showsForeign(plan)) transport.narrow?.([one.expectedReplies]);
  const running = tracer.run(); // the first probes leave before anything is written
  printer.head();
  const cancel = world.onInterrupt(() => {
    tracer.interrupt();
    void names.close();
  });
  try {
    await running;
  } finally {
    cancel();
    if (plan.display.debug) say(countsText(tracer.counts));
    await printer.end(stopped);
  }
  return stopped;
}

/** Whether the user wants to see what else arrives. */
function showsForeign({ display: { verbosity, debug } }: Plan): boolean {
  return verbosity > 0 || debug;
}

/** An identifier with the upper bit set, from which counting up to the last sequence does not wrap round. */
function freshIdent(plan: Plan, machine: Machine): number {
  return 0x8000 + machine.random(Math.max(1, 0x8000 - sequenceCount(scheduleOf(plan))));
}

function factsOf(
  { plan, type, style, world, transport, endpoints, sourcePort }: Job,
  length: number,
): TraceFacts {
  const { host, target, family, source, givenSource, device } = endpoints;
  const port = plan.probe.port ?? type.defaultPort;
  const service = type.name === 'tcp' ? world.serviceName(port) : undefined;
  return {
    program: style.program,
    family,
    host: host.name,
    typedHost: plan.host,
    target,
    source,
    ...(givenSource === undefined ? {} : { givenSource }),
    get device() {
      return device();
    },
    ...(sourcePort === undefined ? {} : { sourcePort }),
    port,
    ...(service === undefined ? {} : { service }),
    maxTtl: plan.maxTtl,
    attempts: plan.attempts,
    length,
    lengthGiven: plan.length !== undefined,
    fieldKey: type.fieldKey,
    probe: type.name,
    transport: transport.name,
  };
}
