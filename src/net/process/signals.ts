/** The signals by which a user ends the process. */
import type { Cancel } from '../../ports/clock.ts';
import type { EndSignal } from '../../ports/world.ts';

const END_SIGNALS: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Calls back with the first of these signals, until it is cancelled. From then on each of them has its default effect:
 * the next one ends the process at once.
 */
export function onEndSignal(callback: (signal: EndSignal) => void): Cancel {
  let isCancelled = false;
  const listeners = END_SIGNALS.map((signal) => {
    const listener = (): void => {
      for (const each of listeners) process.off(each.signal, each.listener);
      if (isCancelled) dieOf(signal);
      else callback(signal);
    };
    return { signal, listener };
  });
  for (const { signal, listener } of listeners) process.on(signal, listener);
  return () => {
    isCancelled = true; // a run that ends does not wait until the listeners are off: it takes longer than the rest of the end
  };
}

/**
 * Ends the process by a signal, as if nothing had caught it. A shell ends its loop only where it sees that: an exit
 * status of 130 tells it that the program has dealt with Ctrl-C itself.
 */
export function dieOf(signal: EndSignal): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
