/** The frame of every measurement: open sockets, admit who sends, give up root; close in the end. */
import type { Plan } from '../model/plan.ts';
import type { DropOptions, LaterRight } from '../ports/machine.ts';
import type { Transport } from '../ports/transport.ts';
import { admitAll, tryToAdmit, type ReadySender, type Sender } from './admission.ts';
import { throwIfStopped, type MeasureContext } from './context.ts';
import { explaining, openTransport } from './sockets.ts';

/** What is open while a measurement runs. */
export interface Session {
  readonly transport: Transport;
  /** In the order in which they were asked for. */
  readonly senders: readonly ReadySender[];
  /**
   * Gives one more sender its numbers; waits while other runs of this process have them.
   * @throws UsageError when the system refuses a port; the signal's reason when it comes meanwhile
   */
  admit(sender: Sender): Promise<ReadySender>;
  /** The same without waiting: undefined where other runs have them. */
  tryToAdmit(sender: Sender): Promise<ReadySender | undefined>;
  close(): void;
}

/**
 * Opens all that takes rights, then gives up the rights.
 * @param plan - of the whole run
 * @param senders - who begin together. More may be admitted later
 * @throws UsageError in `context.wording` when the system refuses; the signal's reason when it comes meanwhile
 */
export async function openSession(
  plan: Plan,
  senders: readonly Sender[],
  context: MeasureContext,
): Promise<Session> {
  const { machine } = context.world;
  throwIfStopped(context.signal);
  const types = [...new Set(senders.map(({ type }) => type))];
  const admitted = new Admitted();
  const transport = await openTransport(plan, types, context);
  const close = (): void => {
    admitted.close();
    transport.close();
  };
  try {
    throwIfStopped(context.signal);
    const ready = admitted.note(await admitAll(senders, context));
    await machine.dropPrivileges(dropOptionsOf(plan, transport, context));
    throwIfStopped(context.signal);
    return {
      transport,
      senders: ready,
      admit: async (sender) => only(admitted.note(await admitAll([sender], context))),
      tryToAdmit: async (sender) => {
        const more = await tryToAdmit([sender], context);
        return more && only(admitted.note(more));
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Local ports below it take a right. ip(7) */
const FIRST_FREE_PORT = 1024;

/** Plain sockets, which may have to stand for raw ones, are opened for each probe. */
function dropOptionsOf(plan: Plan, opened: Transport, { warn }: MeasureContext): DropOptions {
  const { transport, mark, sourcePort: { port } = { port: 0 } } = plan;
  // where reading takes the times, nothing may come between
  const mayWait = opened.stampsArrivals === true && opened.tellsOfReading === true;
  const kept: LaterRight[] = [];
  if (transport === 'auto' || transport === 'plain') {
    if (mark !== undefined) kept.push('mark');
    if (port > 0 && port < FIRST_FREE_PORT) kept.push('low-port');
  }
  return { kept, mayWait, ...explaining(plan, warn) };
}

/** Who has numbers that are to be given back. */
class Admitted {
  readonly #senders = new Set<ReadySender>();
  #isClosed = false;

  /** Answers the same senders; who is released is forgotten here too. */
  note(senders: readonly ReadySender[]): ReadySender[] {
    return senders.map((sender) => {
      const noted = {
        ...sender,
        release: () => {
          this.#senders.delete(noted);
          sender.release();
        },
      };
      if (this.#isClosed) noted.release();
      else this.#senders.add(noted);
      return noted;
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const sender of [...this.#senders]) sender.release();
  }
}

function only<Member>([member]: readonly Member[]): Member {
  if (member === undefined) throw new Error('nobody was admitted');
  return member;
}
