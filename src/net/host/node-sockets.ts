/** Local sockets by Node's own modules: where the kernel's calls cannot be had, and for addresses with zones. */
import { createSocket } from 'node:dgram';
import * as net from 'node:net';
import type { ReservedPort } from '../../ports/machine.ts';
import { familyOf, type Address } from '../../model/address.ts';
import { TransportError } from '../../model/errors.ts';
import { errorOfCode, errorOfNumber } from '../system-error.ts';
import type { LocalSockets } from './local-sockets.ts';
import { udpReservation } from './udp-reservations.ts';

/** The part of a bound TCP handle that is used here. */
interface TcpHandle {
  getsockname(out: { port?: number }): number;
  close(): void;
}

/**
 * Node's cluster module binds a socket with this function and does not listen on it. A port that listens would answer
 * the target's SYN-ACK like a program that wants the connection.
 */
interface HandleMaker {
  _createServerHandle?(address: string, port: number, addressType: 4 | 6): TcpHandle | number;
}

/** Local sockets of either family, zones included. */
export const nodeSockets: LocalSockets = { reserveTcpPort, reserveUdpPort, sourceTowards };

function reserveTcpPort(address: Address, port: number): ReservedPort {
  const maker = net as unknown as HandleMaker; // the typings leave out what the documentation does
  const handle = maker._createServerHandle?.(address, port, familyOf(address));
  if (handle === undefined) throw new TransportError('UNKNOWN', 'this Node binds no port without listening');
  if (typeof handle === 'number') throw errorOfNumber(-handle);
  const name: { port?: number } = {};
  const status = handle.getsockname(name); // fails for a port that is taken, too
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

function reserveUdpPort(address: Address, port: number): Promise<ReservedPort> {
  const socket = createSocket(familyOf(address) === 4 ? 'udp4' : 'udp6');
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(errorOfCode(error));
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.on('error', () => undefined); // an ICMP error for a probe: the tracer reads it elsewhere
      const { port: taken } = socket.address();
      const release = udpReservation(taken, () => socket.close());
      resolve({ port: taken, release });
    });
  });
}

/** Any port will do: connecting a datagram socket sends nothing. */
const ANY_PORT = 33_434;

/** The source address of a connected datagram socket. */
function sourceTowards(destination: Address): Promise<Address> {
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
