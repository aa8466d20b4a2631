/** Adds to traces who their responders are. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { Address } from '../model/address.ts';
import type { Label } from '../model/label.ts';
import type { Plan } from '../model/plan.ts';
import { onStop, type MeasureContext } from './context.ts';
import { eachOf, type EventSink } from './event-queue.ts';
import type { TraceEventOf } from './trace-event.ts';
import { tracesThrough } from './trace.ts';

/** Who a responder is: once for each, as soon as it is known, and before the `end` of the traces that it answered. */
export interface LabelEvent {
  readonly type: 'label';
  readonly address: Address;
  readonly label: Label;
}

/** A label, of the first of several traces that the responder answered. */
export interface LabelEventOf {
  readonly host: string;
  readonly index: number;
  readonly event: LabelEvent;
}

type Labelled = TraceEventOf | LabelEventOf;

/** The same as `traceAll`, and labels between the events. The end of a trace waits for its labels, unless the signal comes. */
export function labelledTraces(
  plans: readonly Plan[],
  type: ProbeType,
  context: MeasureContext,
): AsyncGenerator<Labelled, void> {
  return eachOf(tracesThrough<Labelled>(plans, type, context, (queue) => new Labeller(queue, context)));
}

/** Asks for the labels of responders, and puts them between the events. */
class Labeller implements EventSink<TraceEventOf> {
  readonly #queue: EventSink<Labelled>;
  readonly #names: MeasureContext['names'];
  /** Resolves when nobody wants to wait for labels any more. */
  readonly #stopped: Promise<void>;
  #forget = (): void => undefined;
  /** When each responder's label has been told. */
  readonly #told = new Map<Address, Promise<void>>();
  /** The labels that the end of each trace waits for. */
  readonly #ofTrace = new Map<number, Set<Promise<void>>>();
  readonly #held = new Set<Promise<void>>();

  constructor(queue: EventSink<Labelled>, { names, signal }: Pick<MeasureContext, 'names' | 'signal'>) {
    this.#queue = queue;
    this.#names = names;
    this.#stopped = new Promise((resolve) => {
      this.#forget = onStop(signal, resolve);
    });
  }

  push(item: TraceEventOf): void {
    const { index, event } = item;
    if (event.type === 'reply') this.#ask(event.reply.responder, item);
    const labels = event.type === 'end' ? this.#ofTrace.get(index) : undefined;
    if (labels) this.#hold(item, labels);
    else this.#queue.push(item);
  }

  end(): void {
    void Promise.all(this.#held).then(() => {
      this.#forget();
      this.#queue.end();
    });
  }

  fail(error: unknown): void {
    this.#forget();
    this.#queue.fail(error);
  }

  #ask(address: Address, { host, index }: TraceEventOf): void {
    const known = this.#told.get(address);
    const told =
      known ??
      this.#names.label(address).then(
        (label) => {
          this.#queue.push({ host, index, event: { type: 'label', address, label } });
        },
        (error: unknown) => {
          this.fail(error);
        },
      );
    this.#told.set(address, told);
    const labels = this.#ofTrace.get(index) ?? new Set();
    this.#ofTrace.set(index, labels.add(told));
  }

  /** Tells the end of a trace once its labels are told. */
  #hold(item: TraceEventOf, labels: ReadonlySet<Promise<void>>): void {
    this.#ofTrace.delete(item.index);
    const held = Promise.race([Promise.all(labels), this.#stopped]).then(() => {
      this.#held.delete(held);
      this.#queue.push(item);
    });
    this.#held.add(held);
  }
}
