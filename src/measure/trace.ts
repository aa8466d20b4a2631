/** Traces: one, or many through one engine. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { Plan } from '../model/plan.ts';
import type { ReadySender } from './admission.ts';
import { throwIfStopped, untilStopped, type MeasureContext } from './context.ts';
import { eachOf, EventQueue, type EventSink } from './event-queue.ts';
import { followFlows } from './follow-flows.ts';
import { identNeed } from './identity.ts';
import { openSession, type Session } from './session.ts';
import type { TraceEventOf } from './trace-event.ts';
import { TraceRun, type Job } from './trace-run.ts';
import { prepare, type Runner } from './trace-runner.ts';

/**
 * Hosts that are under way at once. More would fill the receive buffers, and routers near by limit the rate of their
 * answers.
 */
const MOST_AT_ONCE = 100;
/** Where each probe takes a socket of its own: 48 each are less than the 1024 files that a process may mostly open. */
const MOST_AT_ONCE_OF_SOCKETS = 20;

/**
 * Traces to the hosts of several plans, up to a hundred at once. A host that is no good does not stop the others: its one
 * event is `refused`. `parallel` of the first plan is for all together. Leaving the loop early ends the traces and closes
 * their sockets.
 * @throws UsageError or TransportError when sockets cannot be had; the signal's reason when it comes before anything was
 * sent; TransportError when a socket fails for good while the traces run
 */
export function traceAll(
  plans: readonly Plan[],
  type: ProbeType,
  context: MeasureContext,
): AsyncGenerator<TraceEventOf, void> {
  return eachOf(traceInBatches(plans, type, context));
}

/** The same, each time all events that have happened meanwhile. */
export function traceInBatches(
  plans: readonly Plan[],
  type: ProbeType,
  context: MeasureContext,
): AsyncGenerator<readonly TraceEventOf[], void> {
  return tracesThrough<TraceEventOf>(plans, type, context, (queue) => queue);
}

/** The same, where `sinkOf` puts something between the traces and the queue that is read. */
export async function* tracesThrough<Event>(
  plans: readonly Plan[],
  type: ProbeType,
  context: MeasureContext,
  sinkOf: (queue: EventQueue<Event>) => EventSink<TraceEventOf>,
): AsyncGenerator<readonly Event[], void> {
  const [first] = plans;
  if (!first) return;
  const queue = new EventQueue<Event>();
  const sink = sinkOf(queue);
  const { shared, atOnce: most } = inShares(plans);
  const jobs = jobsOf(shared, type, sink);
  const families = [...new Set(plans.flatMap((plan) => plan.families))];
  const senders = jobs.slice(0, 1).map(({ sender }) => sender);
  const session = await openSession({ ...first, families }, senders, context);
  try {
    const atOnce = session.transport.connectsEach ? Math.min(most, MOST_AT_ONCE_OF_SOCKETS) : most;
    const begun = await beginTogether(session, jobs.slice(0, atOnce));
    const runners = await untilStopped(runnersOf(begun, session, context), context.signal);
    const transport = await followFlows(session.transport, first, runners, context);
    try {
      throwIfStopped(context.signal);
      const waiting = jobs.slice(begun.length);
      const run = new TraceRun(runners, { session, transport, context, sink, waiting, atOnce });
      run.start();
      try {
        yield* queue.batches();
      } finally {
        run.stop();
      }
    } finally {
      transport.close();
    }
  } finally {
    session.close();
  }
}

/** Divides the probes that the user allows in flight among the hosts that are under way at once. */
function inShares(plans: readonly Plan[]): { readonly shared: readonly Plan[]; readonly atOnce: number } {
  const parallel = plans[0]?.parallel;
  const atOnce = Math.min(plans.length, MOST_AT_ONCE, parallel ?? MOST_AT_ONCE);
  if (parallel === undefined) return { shared: plans, atOnce };
  const share = Math.floor(parallel / Math.max(1, atOnce));
  return { shared: plans.map((plan) => ({ ...plan, parallel: share })), atOnce };
}

function jobsOf(plans: readonly Plan[], type: ProbeType, sink: EventSink<TraceEventOf>): Job[] {
  return plans.map((plan, index) => ({
    sender: { plan, type, idents: identNeed(plan, type) },
    tell: (event) => {
      sink.push({ host: plan.host, index, event });
    },
  }));
}

/** A job whose sender has its numbers. */
interface Begun {
  readonly sender: ReadySender;
  readonly tell: Job['tell'];
}

/** Admits these jobs until one would have to wait. The session has admitted the first one. */
async function beginTogether(session: Session, jobs: readonly Job[]): Promise<Begun[]> {
  const begun: Begun[] = [];
  for (const [index, { sender, tell }] of jobs.entries()) {
    const ready = session.senders[index] ?? (await session.tryToAdmit(sender));
    if (!ready) break;
    begun.push({ sender: ready, tell });
  }
  return begun;
}

/** Those whose host is no good have told so, and are left out. */
async function runnersOf(
  begun: readonly Begun[],
  { transport }: Session,
  context: MeasureContext,
): Promise<Runner[]> {
  const prepared = begun.map(({ sender, tell }) => prepare(sender, { transport, context }, tell));
  return (await Promise.all(prepared)).filter((runner) => runner !== undefined);
}
