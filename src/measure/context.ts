/** What a measurement is given besides its plan. */
import type { Address } from '../model/address.ts';
import type { World } from '../ports/world.ts';
import type { Names } from './names.ts';

/** What ends a measurement early. An `AbortSignal` is one. */
export interface StopSignal {
  readonly aborted: boolean;
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
}

/** The surroundings of a measurement: machine, clock, names, words, and the signal that ends it. */
export interface MeasureContext {
  readonly world: Pick<World, 'machine' | 'clock'>;
  /** Resolves the hosts of the plan. Whoever opened it closes it. */
  readonly names: Names;
  readonly wording: Wording;
  /** Takes one line that the user should read, without a newline. */
  readonly warn: (message: string) => void;
  /** Ends the measurement where it is, once it has begun to send. */
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
