/** Makes traces ready to run: finds their hosts and decides what their probes are. */
import { Trace } from '../engine/trace.ts';
import { ResolveError, TransportError, UsageError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Transport } from '../ports/transport.ts';
import type { ReadySender } from './admission.ts';
import { datagramLength, fillingOf } from './datagram-length.ts';
import { findEndpoints } from './endpoints.ts';
import { flowKeyOf } from './flow-key.ts';
import { HopCollector } from './hop-collector.ts';
import type { MeasureContext } from './context.ts';
import type { TraceEvent, TraceStart } from './trace-event.ts';
import { sentBy, traceSpec } from './trace-spec.ts';

/** A trace that is ready to run, and where its events go. */
export interface Runner {
  readonly trace: Trace;
  readonly plan: Plan;
  readonly start: Omit<TraceStart, 'transport' | 'connectsEach'>;
  readonly hops: HopCollector;
  readonly tell: (event: TraceEvent) => void;
  /** Gives its port and its idents back. */
  readonly release: () => void;
}

/** Where the events of one trace go. */
type Tell = Runner['tell'];

/** All that makes a trace ready. */
export interface Preparation {
  readonly transport: Transport;
  readonly context: MeasureContext;
}

/** Finds the host of a sender. Undefined, once `tell` knows why, where there is nothing to trace to. */
export async function prepare(
  sender: ReadySender,
  preparation: Preparation,
  tell: Tell,
): Promise<Runner | undefined> {
  try {
    return await runnerOf(sender, preparation, tell);
  } catch (error) {
    sender.release();
    if (!isRefusal(error)) throw error;
    tell({ type: 'refused', error });
    return undefined;
  }
}

/** True for what is the host's or the user's fault: the other traces go on. */
export function isRefusal(error: unknown): error is UsageError | ResolveError | TransportError {
  return error instanceof UsageError || error instanceof ResolveError || error instanceof TransportError;
}

async function runnerOf(
  sender: ReadySender,
  { transport, context }: Preparation,
  tell: Tell,
): Promise<Runner> {
  const { plan, type, sourcePort, identity } = sender;
  const tools = { ...context, machine: context.world.machine };
  const endpoints = await findEndpoints(plan, (family) => flowKeyOf(plan, type, family, identity), tools);
  const length = datagramLength(plan, type, endpoints.family);
  const payload = fillingOf(plan.filling, length.payload, identity.cookie);
  return {
    trace: new Trace(sentBy(transport, traceSpec(plan, type, endpoints, identity, payload))),
    plan,
    start: { endpoints, probeType: type, sourcePort, length: length.total },
    hops: new HopCollector(plan.attempts),
    tell,
    release: sender.release,
  };
}
