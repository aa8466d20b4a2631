/** What a measurement is given besides its plan. */
import type { Address } from '../model/address.ts';
import type { World } from '../ports/world.ts';
import type { Names } from './names.ts';

/** What ends a measurement early. An `AbortSignal` is one. */
export interface StopSignal {
  readonly aborted: boolean;
  /** Throws the reason once it has said stop, as an `AbortSignal` does; where it is absent, an AbortError is thrown. */
  throwIfAborted?(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The words of a refusal, which each command has of its own. They become the message of the error that is thrown. */
export interface Wording {
  /** A host has no address. `reason` is the resolver's. */
  badHost(name: string, use: 'destination' | 'gateway' | 'source', reason: string): string;
  /** Another program has the local port. */
  portInUse(port: number): string;
  /** A name has several addresses, and this one is used. Absent where that goes without saying. */
  severalAddresses?(name: string, used: Address): string;
  /** The user's word for the option that the commands have in these letters, such as `-g`; absent: the same. */
  option?(letters: string): string;
}

/** The user's word for an option of the commands. */
export function optionWord({ option }: Pick<Wording, 'option'>, letters: string): string {
  return option?.(letters) ?? letters;
}

/** The surroundings of a measurement: machine, clock, names, words, and the signal that ends it. */
export interface MeasureContext {
  readonly world: Pick<World, 'machine' | 'clock'>;
  /** Resolves the hosts of the plan. Whoever opened it closes it. */
  readonly names: Names;
  readonly wording: Wording;
  /** Takes one line that the user should read, without a newline. */
  readonly warn: (message: string) => void;
  /** Ends the measurement where it is. Before anything was sent, its reason is thrown. */
  readonly signal?: StopSignal;
}

/** Calls back when the signal says stop, at once where it has said so; answers how to forget it. */
export function onStop(signal: StopSignal | undefined, stop: () => void): () => void {
  if (!signal) return () => undefined;
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  return () => {
    signal.removeEventListener('abort', stop);
  };
}

/** @throws the reason of a signal that has said stop */
export function throwIfStopped(signal: StopSignal | undefined): void {
  if (!signal?.aborted) return;
  signal.throwIfAborted?.();
  throw new DOMException('This operation was aborted', 'AbortError');
}

/** What the promise gives, unless the signal says stop before. @throws then the reason of the signal, at once */
export async function untilStopped<Value>(
  promise: Promise<Value>,
  signal: StopSignal | undefined,
): Promise<Value> {
  if (!signal) return await promise;
  let forget = (): void => undefined;
  const stopped = new Promise<'stopped'>((resolve) => {
    forget = onStop(signal, () => {
      resolve('stopped');
    });
  });
  try {
    const first = await Promise.race([promise.then((value) => ({ value })), stopped]);
    if (first !== 'stopped') return first.value;
    throwIfStopped(signal);
    return await promise; // a signal that calls without having aborted means nothing
  } finally {
    forget();
  }
}
