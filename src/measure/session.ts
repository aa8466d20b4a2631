/** The frame of every measurement: open sockets, reserve ports, give up root, find the hosts; close in the end. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { Plan } from '../model/plan.ts';
import type { ReservedPort } from '../ports/machine.ts';
import type { Transport } from '../ports/transport.ts';
import type { Setting } from './setting.ts';
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
 * @throws UsageError in `setting.wording` when the system refuses
 */
export async function openSession(
  plan: Plan,
  senders: readonly Sender[],
  setting: Setting,
): Promise<Session> {
  const { machine } = setting.world;
  const types = [...new Set(senders.map(({ type }) => type))];
  const transport = await openTransport(plan, types, machine, setting.warn);
  const reserved: ReservedPort[] = [];
  const close = (): void => {
    for (const port of reserved) port.release();
    transport.close();
  };
  try {
    const ready: ReadySender[] = [];
    for (const sender of senders) {
      const port = await reservePort(sender.plan, sender.type, setting.wording, machine);
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
