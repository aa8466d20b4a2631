/** Adds to traces who their responders are. */
import type { Address } from '../model/address.ts';
import type { Label } from '../model/label.ts';
import type { Names } from './names.ts';
import type { TraceEventOf } from './trace-event.ts';

/** Who a responder is: once for each, as soon as it is known, and before the `end` of the trace that it answered. */
export interface LabelEvent {
  readonly type: 'label';
  readonly address: Address;
  readonly label: Label;
}

/** A label of one of several traces. */
export interface LabelEventOf {
  readonly host: string;
  readonly index: number;
  readonly event: LabelEvent;
}

/** The events as they come, and labels between them. The end of a trace waits for its labels. */
export async function* labelled(
  items: AsyncIterable<TraceEventOf>,
  names: Names,
): AsyncGenerator<TraceEventOf | LabelEventOf, void> {
  const known: LabelEventOf[] = [];
  const asked = new Map<Address, Promise<void>>();
  for await (const item of items) {
    const { host, index, event } = item;
    if (event.type === 'reply' && !asked.has(event.reply.responder)) {
      const { responder: address } = event.reply;
      const told = names.label(address).then((label) => {
        known.push({ host, index, event: { type: 'label', address, label } });
      });
      asked.set(address, told);
    }
    if (event.type === 'end') await Promise.all(asked.values());
    yield* known.splice(0);
    yield item;
  }
}
