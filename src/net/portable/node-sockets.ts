/** Local sockets by Node's own modules: for where the kernel's calls cannot be had, and for addresses with zones. */
import { createSocket } from 'node:dgram';
import * as net from 'node:net';
import type { ReservedPort } from '../../ports/machine.ts';
import { familyOf, type Address } from '../../model/address.ts';
import { TransportError } from '../../model/errors.ts';
import { errorOfCode, errorOfNumber } from '../system-error.ts';
import { udpReservation } from './udp-reservations.ts';

/** A bound TCP handle, as far as it is used. */
interface TcpHandle {
  getsockname(out: { port?: number }): number;
  close(): void;
}

/**
 * Node's own way to a socket that is bound and does not listen: the function its cluster module uses. A listening
 * port would answer the target's SYN-ACK as a program that wants the connection.
 */
interface HandleMaker {
  _createServerHandle?(address: string, port: number, addressType: 4 | 6): TcpHandle | number;
}

/** Binds a TCP port without listening on it. @throws TransportError EADDRINUSE when the port is taken */
export function reserveTcpPort(address: Address, port: number): ReservedPort {
  const maker = net as unknown as HandleMaker; // the typings leave out what the documentation does
  const handle = maker._createServerHandle?.(address, port, familyOf(address));
  if (handle === undefined) throw new TransportError('UNKNOWN', 'this Node binds no port without listening');
  if (typeof handle === 'number') throw errorOfNumber(-handle);
  const name: { port?: number } = {};
  const status = handle.getsockname(name); // tells of a port that is taken, too
  if (status !== 0 || name.port === undefined) {
    handle.close();
    throw errorOfNumber(-status);
  }
  return {
    port: name.port,
    release: () => {
      handle.close();
    },
  };
}

/** Binds a UDP port. @throws TransportError when the port is taken, or the address is not the machine's */
export function reserveUdpPort(address: Address, port: number): Promise<ReservedPort> {
  const socket = createSocket(familyOf(address) === 4 ? 'udp4' : 'udp6');
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(errorOfCode(error));
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.on('error', () => undefined); // an ICMP error for a probe: the tracer reads those itself
      const { port: taken } = socket.address();
      const release = udpReservation(taken, () => socket.close());
      resolve({ port: taken, release });
    });
  });
}

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
