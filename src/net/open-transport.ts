/** Chooses the transport. Only the best one is loaded in advance. */
import type { RawOptions, Transport } from '../ports/transport.ts';
import { TransportError } from '../model/errors.ts';
import { KernelTransport } from './raw/kernel-transport.ts';
import { loadLibc } from './linux/libc.ts';
import { SelfTestError } from './linux/self-test.ts';
import { DamagedPackageError, UnavailableError } from './optional-package.ts';

/**
 * Opens the transport that the options ask for. `auto` means the kernel's own calls where they work, else raw-socket;
 * without the right to raw sockets, plain sockets. `plain` means those in any case.
 * @throws TransportError when the system refuses, or a package is not installed
 */
export async function openTransport(options: RawOptions): Promise<Transport> {
  try {
    return await open(options);
  } catch (error) {
    const isOurs = error instanceof UnavailableError || error instanceof SelfTestError;
    throw isOurs ? new TransportError('UNKNOWN', error.message, { cause: error }) : error;
  }
}

async function open(options: RawOptions): Promise<Transport> {
  switch (options.transport) {
    case 'kernel':
      return new KernelTransport(loadLibc(), options);
    case 'raw-socket':
      return await openRaw(options);
    case 'plain':
      return await openWithoutRights(options);
    case 'auto':
      return await openBest(options);
  }
}

async function openBest(options: RawOptions): Promise<Transport> {
  if (options.plainOnly === true) return await openWithoutRights(options);
  try {
    return new KernelTransport(loadLibc(), options);
  } catch (error) {
    if (isDenied(error) && options.rawOnly !== true) return await openWithoutRights(options);
    if (!(error instanceof UnavailableError || error instanceof SelfTestError)) throw error;
    const transport = await openPortable(options, error);
    // elsewhere nothing else can be had
    const isWorthTelling = error instanceof SelfTestError || process.platform === 'linux';
    if (isWorthTelling) options.warn?.(`${error.message} (using raw-socket, whose times are less exact)`);
    return transport;
  }
}

/** True when a right is missing. */
function isDenied(error: unknown): boolean {
  return error instanceof TransportError && (error.code === 'EPERM' || error.code === 'EACCES');
}

/** @throws UnavailableError that says why neither transport can be had */
async function openPortable(options: RawOptions, why: Error): Promise<Transport> {
  try {
    return await openRaw(options);
  } catch (error) {
    const isNamed = error instanceof UnavailableError || why instanceof DamagedPackageError;
    if (!isNamed || !(error instanceof Error)) throw error;
    throw new UnavailableError(`${why.message}; ${error.message}`, { cause: error });
  }
}

async function openRaw(options: RawOptions): Promise<Transport> {
  const { RawTransport } = await import('./portable/raw-transport.ts');
  return new RawTransport(options);
}

async function openWithoutRights(options: RawOptions): Promise<Transport> {
  const { openUnprivileged } = await import('./unprivileged/open-unprivileged.ts');
  return openUnprivileged(options);
}
