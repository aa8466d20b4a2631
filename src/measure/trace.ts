/** Traces: one, or several at once through one engine. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { Plan } from '../model/plan.ts';
import { EventQueue } from './event-queue.ts';
import { followFlows } from './follow-flows.ts';
import { openSession } from './session.ts';
import type { MeasureContext } from './context.ts';
import type { TraceEvent, TraceEventOf } from './trace-event.ts';
import { runTraces } from './trace-run.ts';
import { prepareAll } from './trace-runner.ts';

/**
 * Traces to the plan's host. Leaving the loop early ends the trace and closes its sockets.
 * @throws UsageError, ResolveError or TransportError before anything was sent; TransportError when a socket fails for
 * good while the trace runs
 */
export async function* trace(
  plan: Plan,
  type: ProbeType,
  context: MeasureContext,
): AsyncGenerator<TraceEvent, void> {
  for await (const { event } of traceAll([plan], type, context)) {
    if (event.type === 'refused') throw event.error;
    yield event;
  }
}

/**
 * Traces to the hosts of several plans at once. A host that is no good does not stop the others: its one event is
 * `refused`.
 * @throws UsageError or TransportError when sockets cannot be had, or so many traces cannot be told apart
 */
export async function* traceAll(
  plans: readonly Plan[],
  type: ProbeType,
  context: MeasureContext,
): AsyncGenerator<TraceEventOf, void> {
  const [first] = plans;
  if (!first) return;
  const families = [...new Set(plans.flatMap((plan) => plan.families))];
  const senders = plans.map((plan) => ({ plan, type }));
  const session = await openSession({ ...first, families }, senders, context);
  try {
    const queue = new EventQueue<TraceEventOf>();
    const runners = await prepareAll(session, context, queue);
    const transport = await followFlows(session.transport, first, runners, context);
    try {
      const stop = runTraces(runners, queue, transport, context);
      try {
        yield* queue.events();
      } finally {
        stop();
      }
    } finally {
      transport.close();
    }
  } finally {
    session.close();
  }
}
