/** A matrix: many probes to one target at once, and what they prove of each other. */
import type { ProbeType } from '../../engine/probe-type.ts';
import { UsageError } from '../../model/errors.ts';
import type { MatrixProbe, Plan } from '../../model/plan.ts';
import { readMatrix } from '../../verdict/facts.ts';
import { judge } from '../../verdict/judge.ts';
import { findEndpoints, type Endpoints } from '../endpoints.ts';
import { EventQueue } from '../event-queue.ts';
import { drawIdentities } from '../identity.ts';
import { openSession, type Session } from '../session.ts';
import { onStop, type MeasureContext } from '../context.ts';
import { columnOf, type Column } from './column.ts';
import type { MatrixEvent, MatrixStart } from './matrix-event.ts';
import { matrixOf } from './recorder.ts';
import { Rounds } from './rounds.ts';

/** A column of the request, and the kind of its probe. */
export interface MatrixSender {
  readonly probe: MatrixProbe;
  readonly type: ProbeType;
}

/** Idents are this far apart: room for the first pass of a column and its retries. */
const IDENT_SPAN = 0x400;

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
    throw new UsageError('--matrix: each probe has a local port of its own (leave the source port out)');
  }
  const ofProbes = senders.map(({ probe, type }) => ({ plan: { ...plan, probe: probe.probe }, type }));
  const session = await openSession(plan, ofProbes, context);
  try {
    const endpoints = await findEndpoints(plan, { ...context, machine: context.world.machine });
    const columns = columnsOf(senders, plan, endpoints, session, context);
    const records = columns.map(({ record }) => record);
    const facts = () => readMatrix(matrixOf(records, endpoints.family, endpoints.target));
    yield* run(plan, { endpoints, columns, facts }, session, context);
  } finally {
    session.close();
  }
}

function columnsOf(
  senders: readonly MatrixSender[],
  plan: Plan,
  endpoints: Endpoints,
  session: Session,
  { world }: MeasureContext,
): Column[] {
  const ports = session.senders.map(({ sourcePort }) => sourcePort);
  const identities = drawIdentities(ports, IDENT_SPAN, world.machine);
  return identities.flatMap((identity, index) => {
    const sender = senders[index];
    return sender ? [columnOf(sender.probe, sender.type, plan, endpoints, identity)] : [];
  });
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
  const rounds = new Rounds(columns, { plan, world, transport, endpoints, tell });
  const stop = (): void => {
    rounds.interrupt();
  };
  const forget = onStop(signal, stop);
  const finished = rounds.run().then(
    () => {
      const known = facts();
      const verdicts = judge(known);
      for (const verdict of verdicts) tell({ type: 'verdict', verdict });
      tell({ type: 'end', facts: known, verdicts, isInterrupted: rounds.isInterrupted });
      queue.end();
    },
    (error: unknown) => {
      queue.fail(error);
    },
  );
  try {
    yield* queue.events();
  } finally {
    forget();
    stop();
    await finished;
  }
}
