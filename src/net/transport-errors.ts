/** Errors that all transports treat alike. */
import type { SendResult } from '../ports/transport.ts';
import { TransportError } from '../model/errors.ts';

/** The result of a send that the system refused: `busy` when it has no room now, else `failed`. */
export function refusedSend(error: TransportError): SendResult {
  const hasNoRoom = error.code === 'EAGAIN' || error.code === 'ENOBUFS';
  return hasNoRoom ? { status: 'busy' } : { status: 'failed', error };
}

/**
 * The result of a send before which something threw.
 * @throws the error itself when it is not the system's: that is a bug of ours
 */
export function failedSend(error: unknown): SendResult {
  if (!(error instanceof TransportError)) throw error;
  return { status: 'failed', error };
}

/** @throws TransportError EINVAL when the transport is closed */
export function refuseClosed(isOpen: boolean): void {
  if (!isOpen) throw new TransportError('EINVAL', 'the transport is closed');
}

/**
 * The error of a send for which no socket was opened.
 * @param protocol - the IP protocol, where each needs a socket of its own
 */
export function noSocketFor(family: number, protocol?: number): TransportError {
  const what = protocol === undefined ? `IPv${family}` : `protocol ${protocol} over IPv${family}`;
  return new TransportError('EINVAL', `no socket for ${what} was opened`);
}
