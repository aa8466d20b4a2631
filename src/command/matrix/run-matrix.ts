/** Runs a matrix and shows it. */
import { matrix, type MatrixSender } from '../../measure/matrix/matrix.ts';
import { Names } from '../../measure/names.ts';
import type { MatrixRequest, Plan } from '../../model/plan.ts';
import { oneLine } from '../../model/printable.ts';
import type { EndSignal, World } from '../../ports/world.ts';
import { getsThrough } from '../../verdict/verdict.ts';
import { Interrupt } from '../interrupt.ts';
import { requestedType } from '../requested-type.ts';
import type { Style } from '../style.ts';
import { MatrixScreen } from './matrix-screen.ts';

/** How a matrix ended. */
export interface MatrixEnd {
  /** Every probe got through. */
  readonly isAllThrough: boolean;
  /** The signal that the user sent, if one was. */
  readonly signal: EndSignal | undefined;
}

/**
 * Runs a matrix and prints it. A signal ends it, and what is known by then is printed.
 * @throws UsageError, ResolveError or TransportError before anything was sent
 */
export async function runMatrix(
  plan: Plan,
  request: MatrixRequest,
  style: Omit<Style, 'renderer'>,
  world: World,
): Promise<MatrixEnd> {
  const warn = (message: string): void => {
    world.stderr(`${style.program}: ${oneLine(message)}\n`);
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
  let isAllThrough = false;
  try {
    for await (const event of matrix(plan, senders, context)) {
      switch (event.type) {
        case 'start':
          screen = new MatrixScreen({ plan, request, world, names, start: event });
          forget = world.onSignal((signal) => {
            interrupt.abort(signal);
            void names.close();
          });
          break;
        case 'reply':
        case 'anonymous':
          screen?.update(event.reply);
          break;
        case 'end':
          await screen?.end(event);
          isAllThrough = event.verdicts.every(getsThrough);
          break;
        default:
      }
    }
  } finally {
    forget();
    await names.close();
  }
  return { isAllThrough, signal: interrupt.signal };
}
