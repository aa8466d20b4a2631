/** Being called when a socket may be read: libuv's own poll, which koffi wraps, on the event loop. */
import type { Libc } from './libc.ts';

export interface Readiness {
  /** Stops watching; to be called before the socket is closed. May be called more than once. */
  close(): void;
}

/** libuv's handle is closed by the garbage collector when nobody holds it, although it is being polled. */
const watching = new Set<Readiness>();

/**
 * Calls back whenever a socket may have something to read, its error queue included. Whoever is called reads all there
 * is: libuv stops a poll that met an error (EPOLLERR, which an error queue raises too), so that it is started anew
 * after each such call, and would come back at once.
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
