/** Runs traces over one engine and tells what happens. */
import { encodeDatagram } from '../engine/encode-datagram.ts';
import type { Trace } from '../engine/trace.ts';
import { Tracer, type TraceListener } from '../engine/tracer.ts';
import type { EventQueue } from './event-queue.ts';
import type { Transport } from '../ports/transport.ts';
import { onStop, type MeasureContext } from './context.ts';
import type { TraceEvent, TraceEventOf } from './trace-event.ts';
import type { Runner } from './trace-runner.ts';

/** Starts the traces; answers how to stop them. The first probes have left when it returns. */
export function runTraces(
  runners: readonly Runner[],
  queue: EventQueue<TraceEventOf>,
  transport: Transport,
  { world, signal }: MeasureContext,
): () => void {
  if (runners.length === 0) {
    queue.end();
    return () => undefined;
  }
  for (const { start, tell } of runners) tell({ type: 'start', ...start, transport: transport.name });
  const showsForeign = runners.some(({ plan }) => plan.display.verbosity > 0 || plan.display.debug);
  const expected = runners.map(({ trace }) => trace.expectedReplies);
  transport.makeWay?.(expected);
  if (!showsForeign) transport.narrow?.(expected);
  const tracer: Tracer = new Tracer(
    runners.map(({ trace }) => trace),
    transport,
    world.clock,
    listenerOf(runners, showsForeign, () => tracer.counts),
  );
  const stop = (): void => {
    // what has answered behind a silent hop is not lost
    for (const { trace } of runners) trace.scheduler.conclude();
    tracer.interrupt();
  };
  const forget = onStop(signal, stop);
  const running = tracer.run();
  running.then(
    () => {
      forget();
      queue.end();
    },
    (error: unknown) => {
      forget();
      queue.fail(error);
    },
  );
  return stop;
}

function listenerOf(
  runners: readonly Runner[],
  showsForeign: boolean,
  counts: () => Tracer['counts'],
): TraceListener {
  const byTrace = new Map(runners.map((runner) => [runner.trace, runner]));
  const tell = (trace: Trace, event: TraceEvent): void => byTrace.get(trace)?.tell(event);
  return {
    onSent: (trace, probe, atMs) => {
      tell(trace, { type: 'sent', probe, atMs });
    },
    onReply: (trace, probe, reply, rttMs) => {
      tell(trace, { type: 'reply', probe, reply, rttMs });
    },
    onIgnored: (trace, probe, reply, why) => {
      tell(trace, { type: 'ignored', probe, reply, why });
    },
    onOutcome: (trace, outcome) => {
      tell(trace, {
        type: 'outcome',
        outcome,
        datagram: () => encodeDatagram(trace.datagram(outcome.probe)),
      });
      const hop = byTrace.get(trace)?.hops.add(outcome);
      if (hop) tell(trace, { type: 'hop', ...hop });
    },
    onStop: (trace, reason) => {
      const hop = byTrace.get(trace)?.hops.rest();
      if (hop) tell(trace, { type: 'hop', ...hop });
      tell(trace, { type: 'end', reason, ignored: counts() });
    },
    ...(showsForeign ? { onForeign: (foreign) => runners[0]?.tell({ type: 'foreign', foreign }) } : {}),
  };
}
