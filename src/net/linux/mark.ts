/** Sets the firewall mark of what a socket sends. socket(7) */
import { MissingRightError, TransportError } from '../../model/errors.ts';
import { SO, SOL } from './constants.ts';
import type { KernelSocket } from './kernel-socket.ts';

/**
 * Marks all that the socket sends.
 * @param mark - 32 bits
 * @throws MissingRightError when the user lacks the right; TransportError when the system refuses otherwise
 */
export function setMark(socket: Pick<KernelSocket, 'setOption'>, mark: number): void {
  try {
    socket.setOption(SOL.SOCKET, SO.MARK, mark | 0);
  } catch (error) {
    if (!(error instanceof TransportError) || error.code !== 'EPERM') throw error;
    const how = `${error.message} (it needs CAP_NET_ADMIN: run as root)`;
    throw new MissingRightError(`--mark ${mark}`, 'EPERM', how);
  }
}
