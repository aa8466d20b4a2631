/** Tells a transport that some of its sockets may be read. */
import type { Libc } from './libc.ts';
import { watchReadable, type Readiness } from './readiness.ts';

/**
 * A poll comes back at once as long as there is something to read. So this one ends when its callback does not read,
 * and the next `start` begins it anew.
 */
export class ReadWatch {
  readonly #libc: Libc;
  #polls: readonly Readiness[] = [];
  #callback: () => void = () => undefined;
  #reads = 0;

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /** Sets the one callback, and polls `fds` unless a poll is under way. */
  start(fds: readonly number[], callback: () => void): void {
    this.#callback = callback;
    if (this.#polls.length > 0) return;
    this.#polls = fds.map((fd) =>
      watchReadable(this.#libc, fd, () => {
        this.#wake();
      }),
    );
  }

  /** Notes that the transport has read its sockets. */
  noteRead(): void {
    this.#reads++;
  }

  /** Ends the poll. Call it before the sockets are closed; it may be called more than once. */
  stop(): void {
    for (const poll of this.#polls) poll.close();
    this.#polls = [];
  }

  #wake(): void {
    const before = this.#reads;
    this.#callback();
    if (this.#reads === before) this.stop();
  }
}
