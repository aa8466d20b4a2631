/** The signals by which a user ends the process. */
import type { Cancel } from '../../ports/clock.ts';
import type { EndSignal } from '../../ports/world.ts';

const END_SIGNALS: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Calls back with the first of these signals, until it is cancelled. From then on each of them has its default effect:
 * the next one ends the process at once.
 */
export function onEndSignal(callback: (signal: EndSignal) => void): Cancel {
  const listeners = END_SIGNALS.map((signal) => {
    const listener = (): void => {
      cancel();
      callback(signal);
    };
    return { signal, listener };
  });
  const cancel = (): void => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
  for (const { signal, listener } of listeners) process.on(signal, listener);
  return cancel;
}

/**
 * Ends the process by a signal, as if nothing had caught it. A shell ends its loop only where it sees that: an exit
 * status of 130 tells it that the program has dealt with Ctrl-C itself.
 */
export function dieOf(signal: EndSignal): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
