/** The frame of every measurement: open sockets, reserve ports, give up root, find the hosts; close in the end. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { Plan } from '../model/plan.ts';
import type { ReservedPort } from '../ports/machine.ts';
import type { Transport } from '../ports/transport.ts';
import type { MeasureContext } from './context.ts';
import { openTransport, reservePort } from './sockets.ts';

/** Who sends: a plan with the one probe that it is about, and the kind of that probe. */
export interface Sender {
  readonly plan: Plan;
  readonly type: ProbeType;
}

/** A sender with the local port that it sends from, where it has one. */
export interface ReadySender extends Sender {
  readonly sourcePort: number | undefined;
}

/** What is open while a measurement runs. */
export interface Session {
  readonly transport: Transport;
  /** In the order in which they were asked for. */
  readonly senders: readonly ReadySender[];
  close(): void;
}

/**
 * Opens all that takes rights, then gives up the rights.
 * @param plan - of the whole run
 * @throws UsageError in `context.wording` when the system refuses
 */
export async function openSession(
  plan: Plan,
  senders: readonly Sender[],
  context: MeasureContext,
): Promise<Session> {
  const { machine } = context.world;
  const types = [...new Set(senders.map(({ type }) => type))];
  const transport = await openTransport(plan, types, machine, context.warn);
  const reserved: ReservedPort[] = [];
  const close = (): void => {
    for (const port of reserved) port.release();
    transport.close();
  };
  try {
    const ready: ReadySender[] = [];
    for (const sender of senders) {
      const port = await reservePort(sender.plan, sender.type, context.wording, machine);
      if (port) reserved.push(port);
      ready.push({ ...sender, sourcePort: sender.plan.sourcePort?.port ?? port?.port });
    }
    await machine.dropPrivileges();
    return { transport, senders: ready, close };
  } catch (error) {
    close();
    throw error;
  }
}
