/** Runs one trace and prints it. */
import type { ProbeType } from '../engine/probe-type.ts';
import { Names } from '../measure/names.ts';
import { traceInBatches } from '../measure/trace.ts';
import type { TraceEvent } from '../measure/trace-event.ts';
import type { StopReason } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import type { EndSignal, World } from '../ports/world.ts';
import { Interrupt } from './interrupt.ts';
import { narration } from './narration.ts';
import { Printer } from './printer.ts';
import type { Style } from './style.ts';
import { factsOf } from './trace-facts.ts';

/** Why a trace ended, and the signal that the user sent, if one was. */
export interface TraceEnd {
  readonly reason: StopReason;
  readonly signal: EndSignal | undefined;
}

/**
 * Runs the trace and prints it. A signal ends it, and what is known by then is printed.
 * @throws UsageError, ResolveError or TransportError before anything was sent; TransportError, once everything known is
 * printed, when a socket fails for good
 */
export async function runTrace(plan: Plan, type: ProbeType, style: Style, world: World): Promise<TraceEnd> {
  const warn = (message: string): void => {
    world.stderr(`${style.program}: ${message}\n`);
  };
  const names = new Names(world, { ...plan, cutLocalDomain: style.cutLocalDomain, warn });
  const interrupt = new Interrupt();
  const context = { world, names, wording: style.wording, warn, signal: interrupt };
  const screen = new TraceScreen({ plan, type, style, world, names, interrupt });
  try {
    for await (const events of traceInBatches([plan], type, context)) {
      for (const { event } of events) {
        const shown = screen.show(event);
        if (shown) await shown;
      }
    }
  } finally {
    await screen.end();
    await names.close();
  }
  return { reason: screen.reason, signal: interrupt.signal };
}

/** All that one run of the command has. */
interface Run {
  readonly plan: Plan;
  readonly type: ProbeType;
  readonly style: Style;
  readonly world: World;
  readonly names: Names;
  readonly interrupt: Interrupt;
}

/** Shows the events of a trace. */
class TraceScreen {
  /** Why the trace ended; `interrupted` as long as it has not. */
  reason: StopReason = 'interrupted';
  readonly #run: Run;
  #printer: Printer | undefined;
  #forget: () => void = () => undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Answers when it is shown; undefined where it is already. */
  show(event: TraceEvent): Promise<void> | undefined {
    if (this.#run.plan.display.debug) this.#narrate(event);
    switch (event.type) {
      case 'start':
        return this.#begin(event);
      case 'reply':
        // asked for now, so that the name is there when the line's turn comes
        void this.#run.names.label(event.reply.responder);
        break;
      case 'outcome':
        this.#printer?.outcome(event.outcome, event.datagram);
        break;
      case 'foreign':
        this.#printer?.foreign(event.foreign);
        break;
      case 'end':
        this.reason = event.reason;
        break;
      case 'refused':
        throw event.error;
      default:
    }
    return undefined;
  }

  /** Resolves when everything is printed. */
  async end(): Promise<void> {
    await this.#printer?.end(this.reason);
    this.#forget();
  }

  /** The head comes after what cannot be looked up. Probes are under way meanwhile. */
  async #begin(start: Extract<TraceEvent, { type: 'start' }>): Promise<void> {
    const { plan, style, world, names, interrupt } = this.#run;
    const facts = factsOf(start, plan, style.program, world);
    this.#printer = new Printer(world, style.renderer(facts, plan), names);
    this.#forget = world.onSignal((signal) => {
      interrupt.abort(signal);
      void names.close();
    });
    if (plan.asNumbers) await names.openOrigins();
    this.#printer.head();
  }

  #narrate(event: TraceEvent): void {
    const { plan, type } = this.#run;
    const text = narration(event, plan, type);
    if (text !== undefined) this.#printer?.note(`debug: ${text}\n`);
  }
}
