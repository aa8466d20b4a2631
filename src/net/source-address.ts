import { createSocket } from 'node:dgram';
import { familyOf, type Address } from '../model/address.ts';
import { errorOfCode } from './system-error.ts';

/** Any port will do: connecting a datagram socket sends nothing. */
const ANY_PORT = 33_434;

/**
 * The source address that routing chooses towards `destination`: that of a connected datagram socket.
 * @throws TransportError when there is no route
 */
export function sourceTowards(destination: Address): Promise<Address> {
  const socket = createSocket(familyOf(destination) === 4 ? 'udp4' : 'udp6');
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(errorOfCode(error));
    });
    socket.once('connect', () => {
      const { address } = socket.address();
      socket.close();
      resolve(address);
    });
    socket.connect(ANY_PORT, destination);
  });
}
