/** Runs one trace and prints it. */
import type { ProbeType } from '../engine/probe-type.ts';
import { showsForeign } from '../measure/flood-limit.ts';
import { Names } from '../measure/names.ts';
import { traceInBatches } from '../measure/trace.ts';
import type { TraceEvent } from '../measure/trace-event.ts';
import type { StopReason } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { oneLine } from '../model/printable.ts';
import type { EndSignal, World } from '../ports/world.ts';
import { AnswerWatch } from './answer-watch.ts';
import { Interrupt } from './interrupt.ts';
import { narration } from './narration.ts';
import { Printer } from './printer.ts';
import type { Renderer } from '../render/renderer.ts';
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
    world.stderr(`${style.program}: ${oneLine(message)}\n`);
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

/** The line of the target's answer is held for so long at most, while probes that went further are under way. */
const LONGEST_HOLD_MS = 500;

/** What shows a trace once it has begun. */
interface View {
  readonly printer: Printer;
  readonly renderer: Renderer;
  readonly watch: AnswerWatch;
}

/** Shows the events of a trace. */
class TraceScreen {
  /** Why the trace ended; `interrupted` as long as it has not. */
  reason: StopReason = 'interrupted';
  readonly #run: Run;
  #view: View | undefined;
  #forget: () => void = () => undefined;
  /** Resolves when nothing more will be heard. */
  readonly #heardAll: Promise<void>;
  #hasEnded: () => void = () => undefined;
  #settled: Promise<void> | undefined;

  constructor(run: Run) {
    this.#run = run;
    this.#heardAll = new Promise((resolve) => (this.#hasEnded = resolve));
  }

  /** Answers when it is shown; undefined where it is already. */
  show(event: TraceEvent): Promise<void> | undefined {
    if (this.#run.plan.display.debug) this.#narrate(event);
    if (event.type === 'refused') throw event.error;
    if (event.type === 'start') return this.#begin(event);
    if (this.#view) this.#showIn(this.#view, event);
    if (event.type === 'end') {
      this.reason = event.reason;
      this.#tellLeftOut(event.leftOut);
    }
    return undefined;
  }

  #showIn(view: View, event: TraceEvent): void {
    view.watch.watch(event);
    switch (event.type) {
      case 'reply':
        // asked for now, so that the name is there when the line's turn comes
        void this.#run.names.label(event.reply.responder);
        break;
      case 'outcome':
        if (view.watch.hasAnswer) this.#judge(view);
        view.printer.outcome(event.outcome, event.datagram);
        break;
      case 'foreign':
        view.printer.foreign(event.foreign);
        break;
      default:
    }
  }

  /** Resolves when everything is printed. */
  async end(): Promise<void> {
    this.#hasEnded();
    if (this.#view?.watch.hasAnswer) this.#judge(this.#view);
    await this.#view?.printer.end(this.reason);
    this.#forget();
  }

  /** The head comes after what cannot be looked up. Probes are under way meanwhile. */
  async #begin(start: Extract<TraceEvent, { type: 'start' }>): Promise<void> {
    const { plan, type, style, world, names, interrupt } = this.#run;
    const renderer = style.renderer(factsOf(start, plan, style.program, world), plan);
    const printer = new Printer(world, renderer, names);
    this.#view = { printer, renderer, watch: new AnswerWatch({ request: plan.probe, type, start }) };
    this.#forget = world.onSignal((signal) => {
      interrupt.abort(signal);
      void names.close();
    });
    if (plan.asNumbers) await names.openOrigins();
    printer.head();
  }

  /** Has the renderer know what speaks against the target's answer, once that has been heard if it may still come. */
  #judge({ printer, renderer, watch }: View): void {
    const judge = (): Promise<void> | undefined => {
      const report = watch.report(this.#run.plan.json);
      if (report instanceof Promise)
        return report.then((late) => {
          renderer.judge(late);
        });
      renderer.judge(report);
      return undefined;
    };
    if (!watch.mayHearMore) {
      printer.hold(judge);
      return;
    }
    const settled = (this.#settled ??= this.#settle());
    printer.hold(() => settled.then(judge));
  }

  /** Resolves with the end of the trace, or when the line of the answer has been held for long enough. */
  #settle(): Promise<void> {
    const { clock } = this.#run.world;
    return new Promise((resolve) => {
      const cancel = clock.schedule(clock.nowMs() + LONGEST_HOLD_MS, resolve);
      void this.#heardAll.then(() => {
        cancel();
        resolve();
      });
    });
  }

  /** Others decide how much arrives: what is printed of it has a limit. */
  #tellLeftOut(count: number): void {
    const { plan, style } = this.#run;
    if (count === 0 || plan.json || !showsForeign(plan)) return;
    this.#view?.printer.note(
      `${style.program}: left out ${count} packets that are no replies: more arrived than can be shown\n`,
    );
  }

  #narrate(event: TraceEvent): void {
    const { plan, type } = this.#run;
    const text = narration(event, plan, type);
    if (text !== undefined) this.#view?.printer.note(`debug: ${text}\n`);
  }
}
