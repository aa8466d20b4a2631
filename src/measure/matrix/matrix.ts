/** A matrix: many probes to one target at once, and what they prove of each other. */
import { Trace } from '../../engine/trace.ts';
import type { ProbeType } from '../../engine/probe-type.ts';
import type { Address } from '../../model/address.ts';
import { TransportError, UsageError } from '../../model/errors.ts';
import { given } from '../../model/given.ts';
import type { MatrixProbe, Plan } from '../../model/plan.ts';
import type { Machine } from '../../ports/machine.ts';
import { readMatrix } from '../../verdict/facts.ts';
import { judge } from '../../verdict/judge.ts';
import { warnOfAstray } from '../follow-flows.ts';
import { findEndpoints, type Endpoints } from '../endpoints.ts';
import { eachOf, EventQueue } from '../event-queue.ts';
import { checkColumns } from '../family-limits.ts';
import { flowKeyOf } from '../flow-key.ts';
import { columnNeed } from '../identity.ts';
import type { FlowKey } from '../origin.ts';
import { openSession, type Session } from '../session.ts';
import { onStop, optionWord, throwIfStopped, untilStopped, type MeasureContext } from '../context.ts';
import { sentBy } from '../trace-spec.ts';
import { columnOf, opensConnection, type Column } from './column.ts';
import type { MatrixEvent, MatrixStart } from './matrix-event.ts';
import { matrixOf } from './recorder.ts';
import { Rounds } from './rounds.ts';
import { spansOf, type Span } from './spans.ts';

/** A column of the request, and the kind of its probe. */
export interface MatrixSender {
  readonly probe: MatrixProbe;
  readonly type: ProbeType;
}

/** Asks for the way of no protocol in particular. */
const ANY_PROTOCOL = 0;

/**
 * Sends the probes to the plan's host and judges them. Leaving the loop early ends the matrix and closes its sockets.
 * @throws UsageError, ResolveError or TransportError before anything was sent; TransportError when a socket fails for
 * good while the matrix runs
 */
export async function* matrix(
  plan: Plan,
  senders: readonly MatrixSender[],
  context: MeasureContext,
): AsyncGenerator<MatrixEvent, void> {
  if (plan.sourcePort) {
    const option = optionWord(context.wording, '--matrix');
    throw new UsageError(`${option}: each probe has a local port of its own (leave the source port out)`);
  }
  const asked = senders.map(({ probe, type }) => ({ plan: { ...plan, probe: probe.probe }, type }));
  const spans = spansOf(asked, optionWord(context.wording, '--matrix'));
  const ofProbes = asked.map((sender, index) => {
    const most = spans[index]?.idents ?? 1;
    return { ...sender, idents: columnNeed(sender.plan, sender.type, most), isDispensable: true };
  });
  const session = await openSession(plan, ofProbes, context);
  try {
    const tools = { ...context, machine: context.world.machine };
    const finding = findEndpoints(plan, () => ({ protocol: ANY_PROTOCOL }), tools);
    const endpoints = await untilStopped(finding, context.signal);
    checkColumns(
      senders.map(({ probe }) => probe),
      endpoints.target,
      context.wording,
    );
    const columns = await columnsOf(senders, spans, plan, endpoints, session, context);
    warnOfAstray(
      session.transport,
      columns.filter(isSent).map(({ spec }) => new Trace(spec)),
      context.warn,
    );
    throwIfStopped(context.signal);
    const records = columns.map(({ record }) => record);
    const facts = () => readMatrix(matrixOf(records, endpoints.family, endpoints.target));
    yield* run(plan, { endpoints, columns, facts }, session, context);
  } finally {
    session.close();
  }
}

/** Tells whether nothing keeps a column from being sent. */
function isSent({ record }: Column): boolean {
  return !record.isRefused;
}

async function columnsOf(
  senders: readonly MatrixSender[],
  spans: readonly Span[],
  plan: Plan,
  endpoints: Endpoints,
  session: Session,
  { world: { machine } }: MeasureContext,
): Promise<Column[]> {
  const columns: Column[] = [];
  const opening = senders.filter(({ probe, type }) => opensConnection(probe, type)).length;
  for (const [index, { probe, type }] of senders.entries()) {
    const [ready, span] = [session.senders[index], spans[index]];
    if (!ready || !span) continue;
    const { identity, lacksPort } = ready;
    const flow = flowKeyOf({ ...plan, probe: probe.probe }, type, endpoints.family, identity);
    const source = await sourceOf(plan, endpoints, flow, machine);
    const column = columnOf(probe, type, plan, { ...endpoints, source }, { ...identity, span, opening });
    if (lacksPort) column.record.refused(new TransportError('EADDRINUSE', lacksPort.message));
    columns.push({ ...column, spec: sentBy(session.transport, column.spec) });
  }
  return columns;
}

/** The address that the column's own flow would get. Where the system refuses the flow, its sends will tell so. */
async function sourceOf(
  { source, device, mark, tos }: Plan,
  endpoints: Endpoints,
  flow: FlowKey,
  machine: Machine,
): Promise<Address> {
  if (source !== undefined) return endpoints.source;
  const destination = endpoints.target;
  const reply = await machine.routeTo({ destination, ...flow, tos, ...given({ device, mark }) });
  return 'route' in reply ? reply.route.source : endpoints.source;
}

async function* run(
  plan: Plan,
  start: MatrixStart,
  { transport }: Session,
  { world, signal }: MeasureContext,
): AsyncGenerator<MatrixEvent, void> {
  const { endpoints, columns, facts } = start;
  const queue = new EventQueue<MatrixEvent>();
  queue.push({ type: 'start', ...start });
  const tell = (event: MatrixEvent): void => {
    queue.push(event);
  };
  const rounds = new Rounds(columns.filter(isSent), { plan, world, transport, endpoints, tell });
  const stop = (): void => {
    rounds.interrupt();
  };
  const forget = onStop(signal, stop);
  const finished = rounds.run().then(
    () => {
      const known = facts();
      const verdicts = judge(known);
      for (const verdict of verdicts) tell({ type: 'verdict', verdict });
      tell({
        type: 'end',
        facts: known,
        verdicts,
        isInterrupted: rounds.isInterrupted,
        packets: rounds.packets,
      });
      queue.end();
    },
    (error: unknown) => {
      queue.fail(error);
    },
  );
  try {
    yield* eachOf(queue.batches());
  } finally {
    forget();
    stop();
    await finished;
  }
}
