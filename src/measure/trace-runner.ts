/** Makes traces ready to run: finds their hosts and decides what their probes are. */
import { sequenceCount } from '../engine/schedule-plan.ts';
import { Trace } from '../engine/trace.ts';
import { ResolveError, TransportError, UsageError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { datagramLength, fillingOf } from './datagram-length.ts';
import { findEndpoints } from './endpoints.ts';
import type { EventQueue } from './event-queue.ts';
import { flowKeyOf } from './flow-key.ts';
import { HopCollector } from './hop-collector.ts';
import { drawIdentities, type Identity } from './identity.ts';
import type { ReadySender, Session } from './session.ts';
import type { MeasureContext } from './context.ts';
import type { TraceEvent, TraceEventOf, TraceStart } from './trace-event.ts';
import { scheduleOf, sentBy, traceSpec } from './trace-spec.ts';

/** A trace that is ready to run, and where its events go. */
export interface Runner {
  readonly trace: Trace;
  readonly plan: Plan;
  readonly start: TraceStart;
  readonly hops: HopCollector;
  readonly tell: (event: TraceEvent) => void;
}

/** The traces of a session. Those whose host is no good have told so in the queue, and are left out. */
export async function prepareAll(
  session: Session,
  context: MeasureContext,
  queue: EventQueue<TraceEventOf>,
): Promise<Runner[]> {
  const { senders } = session;
  const span = Math.max(...senders.map(({ plan, type }) => sequenceCount(scheduleOf(plan, type))));
  const ports = senders.map(({ sourcePort }) => sourcePort);
  const identities = drawIdentities(ports, span, context.world.machine);
  const prepared = senders.map((sender, index) => {
    const tell = (event: TraceEvent): void => {
      queue.push({ host: sender.plan.host, index, event });
    };
    const { ident = 0, initialSequence = 0 } = identities[index] ?? {};
    return prepare({ sender, session, context, tell }, { ident, initialSequence });
  });
  return (await Promise.all(prepared)).filter((runner) => runner !== undefined);
}

interface Preparation {
  readonly sender: ReadySender;
  readonly session: Session;
  readonly context: MeasureContext;
  readonly tell: (event: TraceEvent) => void;
}

/** Undefined, once `tell` knows why, where there is nothing to trace to. */
async function prepare(preparation: Preparation, identity: Identity): Promise<Runner | undefined> {
  try {
    return await runnerOf(preparation, identity);
  } catch (error) {
    const isTheirs =
      error instanceof UsageError || error instanceof ResolveError || error instanceof TransportError;
    if (!isTheirs) throw error;
    preparation.tell({ type: 'refused', error });
    return undefined;
  }
}

async function runnerOf(
  { sender, session, context, tell }: Preparation,
  identity: Identity,
): Promise<Runner> {
  const { plan, type, sourcePort } = sender;
  const tools = { ...context, machine: context.world.machine };
  const endpoints = await findEndpoints(plan, (family) => flowKeyOf(plan, type, family, identity), tools);
  const length = datagramLength(plan, type, endpoints.family);
  const payload = fillingOf(plan.filling, length.payload);
  const start = {
    endpoints,
    probeType: type,
    sourcePort,
    length: length.total,
    transport: session.transport.name,
  };
  return {
    trace: new Trace(sentBy(session.transport, traceSpec(plan, type, endpoints, identity, payload))),
    plan,
    start,
    hops: new HopCollector(plan.attempts),
    tell,
  };
}
