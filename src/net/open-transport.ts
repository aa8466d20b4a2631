/** Chooses the way to the wire. */
import type { RawOptions, Transport } from '../engine/ports.ts';
import { TransportError } from '../model/errors.ts';
import { KernelTransport } from './kernel/kernel-transport.ts';
import { loadLibc } from './kernel/libc.ts';
import { SelfTestError } from './kernel/self-test.ts';
import { UnavailableError } from './optional-package.ts';
import { RawTransport } from './raw-transport.ts';
import { openUnprivileged } from './unprivileged/open-unprivileged.ts';

/**
 * Opens the transport that the options ask for; `auto` is the kernel's own where it works, else
 * raw-socket; and without the right to raw sockets, the sockets that take none.
 * @throws TransportError when the system refuses, or what is needed is not installed
 */
export function openTransport(options: RawOptions): Transport {
  try {
    return open(options);
  } catch (error) {
    const isOurs = error instanceof UnavailableError || error instanceof SelfTestError;
    throw isOurs ? new TransportError('UNKNOWN', error.message, { cause: error }) : error;
  }
}

function open(options: RawOptions): Transport {
  switch (options.transport) {
    case 'kernel':
      return new KernelTransport(loadLibc(), options);
    case 'raw-socket':
      return new RawTransport(options);
    case 'auto':
      return openBest(options);
  }
}

function openBest(options: RawOptions): Transport {
  try {
    return new KernelTransport(loadLibc(), options);
  } catch (error) {
    if (error instanceof UnavailableError) return openPortable(options, error);
    if (isDenied(error) && options.rawOnly !== true) return openUnprivileged(options);
    if (!(error instanceof SelfTestError)) throw error;
    const transport = openPortable(options, error);
    options.warn?.(`${error.message} (using raw-socket, whose times are less exact)`);
    return transport;
  }
}

/** Whether it is a right that is missing. */
function isDenied(error: unknown): boolean {
  return error instanceof TransportError && (error.code === 'EPERM' || error.code === 'EACCES');
}

/** @throws UnavailableError that says why neither can be had */
function openPortable(options: RawOptions, why: Error): Transport {
  try {
    return new RawTransport(options);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    throw new UnavailableError(`${why.message}; ${error.message}`, { cause: error });
  }
}
