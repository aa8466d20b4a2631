/** Events that happen in callbacks, for a reader that takes them in its own time. */

/** Where events go. */
export interface EventSink<Event> {
  /** Adds an event behind all others. */
  push(event: Event): void;
  /** No event follows. */
  end(): void;
  /** No event follows but the error, behind all others. */
  fail(error: unknown): void;
}

/** A queue without a limit, for one reader. */
export class EventQueue<Event> implements EventSink<Event> {
  #waiting: Event[] = [];
  #state: { readonly status: 'open' | 'ended' } | { readonly status: 'failed'; readonly error: unknown } = {
    status: 'open',
  };
  #wake: () => void = () => undefined;

  push(event: Event): void {
    this.#waiting.push(event);
    this.#wake();
  }

  end(): void {
    this.#state = { status: 'ended' };
    this.#wake();
  }

  fail(error: unknown): void {
    this.#state = { status: 'failed', error };
    this.#wake();
  }

  /**
   * Yields the events in their order until the queue has ended, each time all that have happened meanwhile. For one reader.
   * @throws what `fail` was given
   */
  async *batches(): AsyncGenerator<readonly Event[], void> {
    for (;;) {
      const batch = this.#waiting;
      this.#waiting = [];
      if (batch.length > 0) yield batch;
      if (this.#waiting.length > 0) continue;
      if (this.#state.status === 'failed') throw this.#state.error;
      if (this.#state.status === 'ended') return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** Yields one by one what comes in batches. */
export async function* eachOf<Event>(batches: AsyncIterable<readonly Event[]>): AsyncGenerator<Event, void> {
  for await (const batch of batches) for (const event of batch) yield event;
}
