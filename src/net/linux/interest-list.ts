/** Finds which of many sockets are ready, with epoll(7): one descriptor is polled for all of them. */
import type { KernelMemory, Libc } from './libc.ts';

/** Events of epoll_ctl(2). Errors and hang-ups are always reported. */
export const EPOLL = { IN: 1, OUT: 4 } as const;
const EPOLL_CTL_ADD = 1;
const EPOLL_CLOEXEC = 0o2000000;

/** struct epoll_event, which only x86-64 packs. sys/epoll.h */
const EVENT = process.arch === 'x64' ? { size: 12, data: 4 } : { size: 16, data: 8 };
const MOST_AT_ONCE = 64;

/** A set of sockets, each with the events that it is watched for. */
export class InterestList {
  /** Readable whenever one of the sockets is ready. */
  readonly fd: number;
  readonly #libc: Libc;
  readonly #events: KernelMemory;
  readonly #wait;

  /** @throws TransportError when the system refuses */
  constructor(libc: Libc) {
    this.#libc = libc;
    this.#events = libc.allocate(EVENT.size * MOST_AT_ONCE);
    this.#wait = libc.call('epoll_wait');
    this.fd = libc.check(libc.call('epoll_create1')(EPOLL_CLOEXEC));
  }

  /** Watches a socket until it is closed. @throws TransportError when the system refuses */
  add(fd: number, events: number): void {
    const { octets, view } = this.#libc.allocate(EVENT.size);
    view.setUint32(0, events, true);
    view.setUint32(EVENT.data, fd, true);
    this.#libc.check(this.#libc.call('epoll_ctl')(this.fd, EPOLL_CTL_ADD, fd, octets));
  }

  /** Descriptors of sockets that are ready now, at most 64. */
  ready(): number[] {
    const count = this.#wait(this.fd, this.#events.octets, MOST_AT_ONCE, 0);
    return Array.from({ length: Math.max(0, count) }, (_, index) =>
      this.#events.view.getUint32(index * EVENT.size + EVENT.data, true),
    );
  }

  /** True when more sockets may be ready than these. */
  isFull(ready: readonly number[]): boolean {
    return ready.length === MOST_AT_ONCE;
  }

  /** Call it once: afterwards the descriptor may be another's. */
  close(): void {
    this.#libc.call('close')(this.fd);
  }
}
