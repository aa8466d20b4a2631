/** Polls a socket on the event loop, with libuv's own poll, which koffi wraps. */
import type { Libc } from './libc.ts';

/** A poll under way. */
export interface Readiness {
  /** Ends the poll. Call it before the socket is closed; it may be called more than once. */
  close(): void;
}

/** Holds every poll: the garbage collector closes a libuv handle that nobody holds, polled or not. */
const watching = new Set<Readiness>();

/**
 * Calls back whenever a socket may have something to read, its error queue included. The callback has to read all of
 * it: libuv stops a poll that met an error (EPOLLERR, which an error queue raises too), so this starts the poll anew
 * after each such call, and it would come back at once.
 */
export function watchReadable({ koffi }: Libc, fd: number, callback: () => void): Readiness {
  const events = { readable: true };
  let isOpen = true;
  // koffi's typings leave out the first argument, the status
  const onEvent = (status: unknown): void => {
    callback();
    if (isOpen && typeof status === 'number' && status < 0) handle.start(events, onEvent);
  };
  const handle = koffi.node.poll(fd, events, onEvent);
  const readiness = {
    close: () => {
      isOpen = false;
      if (watching.delete(readiness)) handle.close();
    },
  };
  watching.add(readiness);
  return readiness;
}
