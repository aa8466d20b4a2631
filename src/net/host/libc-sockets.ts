/** Local sockets by the kernel's own calls. */
import type { ReservedPort } from '../../ports/machine.ts';
import { addressOf, familyOf, octetsOf, type Address } from '../../model/address.ts';
import { IPV6, SO, SOCK, SOL } from '../linux/constants.ts';
import { KernelSocket } from '../linux/kernel-socket.ts';
import type { Libc } from '../linux/libc.ts';
import { encodeSockaddr, type SocketAddress } from '../linux/sockaddr.ts';
import type { LocalSockets } from './local-sockets.ts';
import { udpReservation } from './udp-reservations.ts';

/** Any port will do: connecting a datagram socket sends nothing. */
const ANY_PORT = 33_434;

/** The local sockets of this machine, for addresses without a zone. */
export function libcSockets(libc: Libc): LocalSockets {
  return {
    reserveTcpPort: (address, port) =>
      reserve(libc, SOCK.STREAM, address, port, (socket) => {
        // only after the bind: another run does not get the port, but connections of this run do
        socket.setOption(SOL.SOCKET, SO.REUSEADDR, 1);
        return () => {
          socket.close();
        };
      }),
    reserveUdpPort: (address, port) =>
      reserve(libc, SOCK.DGRAM, address, port, (socket, taken) =>
        udpReservation(taken, () => {
          socket.close();
        }),
      ),
    sourceTowards: (destination) => sourceTowards(libc, destination),
  };
}

/** @param hold - called with the bound socket; returns how the port is released */
function reserve(
  libc: Libc,
  type: number,
  address: Address,
  port: number,
  hold: (socket: KernelSocket, port: number) => () => void,
): ReservedPort {
  const socket = new KernelSocket(libc, familyOf(address), type, 0);
  try {
    const taken = bind(libc, socket, address, port);
    return { port: taken, release: hold(socket, taken) };
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** The source address of a connected datagram socket. */
function sourceTowards(libc: Libc, destination: Address): Address {
  const socket = new KernelSocket(libc, familyOf(destination), SOCK.DGRAM, 0);
  try {
    const peer = encodeSockaddr(socketAddress(destination, ANY_PORT));
    libc.check(libc.call('connect')(socket.fd, peer, peer.length));
    return addressOf(socket.ownAddress().octets);
  } finally {
    socket.close();
  }
}

/** Returns the port that the socket got. */
function bind(libc: Libc, socket: KernelSocket, address: Address, port: number): number {
  if (socket.family === 6) socket.setOption(SOL.IPV6, IPV6.V6ONLY, 0);
  const own = encodeSockaddr(socketAddress(address, port));
  libc.check(libc.call('bind')(socket.fd, own, own.length));
  return socket.ownAddress().port;
}

function socketAddress(address: Address, port: number): SocketAddress {
  return { family: familyOf(address), octets: octetsOf(address), port, scopeId: 0 };
}
