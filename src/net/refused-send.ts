import type { SendResult } from '../ports/transport.ts';
import type { TransportError } from '../model/errors.ts';

/** What a send amounts to that the system refused: no more than a pause, where it only has no room now. */
export function refusedSend(error: TransportError): SendResult {
  const hasNoRoom = error.code === 'EAGAIN' || error.code === 'ENOBUFS';
  return hasNoRoom ? { status: 'busy' } : { status: 'failed', error };
}
