/** Runs a matrix and shows it. */
import { matrix, type MatrixSender } from '../../measure/matrix/matrix.ts';
import type { MatrixEvent } from '../../measure/matrix/matrix-event.ts';
import { Names } from '../../measure/names.ts';
import type { MatrixRequest, Plan } from '../../model/plan.ts';
import type { World } from '../../ports/world.ts';
import { getsThrough } from '../../verdict/verdict.ts';
import { Interrupt } from '../interrupt.ts';
import { requestedType } from '../requested-type.ts';
import type { Style } from '../style.ts';
import { MatrixScreen } from './matrix-screen.ts';

/** How a matrix ended: every probe got through, some did not, or the user did not wait. */
export type MatrixEnd = 'all-through' | 'not-all-through' | 'interrupted';

/**
 * Runs a matrix and prints it.
 * @throws UsageError, ResolveError or TransportError before anything was sent
 */
export async function runMatrix(
  plan: Plan,
  request: MatrixRequest,
  style: Omit<Style, 'renderer'>,
  world: World,
): Promise<MatrixEnd> {
  const warn = (message: string): void => {
    world.stderr(`${style.program}: ${message}\n`);
  };
  const names = new Names(world, { ...plan, cutLocalDomain: style.cutLocalDomain, warn });
  const interrupt = new Interrupt();
  const context = { world, names, wording: style.wording, warn, signal: interrupt };
  const senders: MatrixSender[] = request.probes.map((probe) => ({
    probe,
    type: requestedType(probe.probe),
  }));
  let screen: MatrixScreen | undefined;
  let forget = (): void => undefined;
  let end: MatrixEnd = 'interrupted';
  try {
    for await (const event of matrix(plan, senders, context)) {
      switch (event.type) {
        case 'start':
          screen = new MatrixScreen({ plan, request, world, names, start: event });
          forget = world.onInterrupt(() => {
            interrupt.abort();
            void names.close();
          });
          break;
        case 'reply':
        case 'anonymous':
          screen?.update(event.reply);
          break;
        case 'end':
          await screen?.end(event.facts, event.verdicts);
          end = endOf(event);
          break;
        default:
      }
    }
  } finally {
    forget();
    await names.close();
  }
  return end;
}

function endOf({ isInterrupted, verdicts }: Extract<MatrixEvent, { type: 'end' }>): MatrixEnd {
  if (isInterrupted) return 'interrupted';
  return verdicts.every(getsThrough) ? 'all-through' : 'not-all-through';
}
