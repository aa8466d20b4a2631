/** Local sockets by the kernel's own calls. */
import type { ReservedPort } from '../../ports/machine.ts';
import { addressOf, familyOf, octetsOf, type Address } from '../../model/address.ts';
import { udpReservation } from '../portable/udp-reservations.ts';
import { IPV6, SO, SOCK, SOL } from './constants.ts';
import { KernelSocket } from './kernel-socket.ts';
import type { Libc } from './libc.ts';
import { encodeSockaddr, type SocketAddress } from './sockaddr.ts';

/** Any port will do: connecting a datagram socket sends nothing. */
const ANY_PORT = 33_434;

/** Binds a TCP port without listening on it. @throws TransportError when the port is taken */
export function reserveTcpPort(libc: Libc, address: Address, port: number): ReservedPort {
  const socket = new KernelSocket(libc, familyOf(address), SOCK.STREAM, 0);
  try {
    const taken = boundPort(libc, socket, address, port);
    // after it, so that another run does not get the port, but connections of this one do
    socket.setOption(SOL.SOCKET, SO.REUSEADDR, 1);
    return {
      port: taken,
      release: () => {
        socket.close();
      },
    };
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** Binds a UDP port. @throws TransportError when the port is taken, or the address is not the machine's */
export function reserveUdpPort(libc: Libc, address: Address, port: number): ReservedPort {
  const socket = new KernelSocket(libc, familyOf(address), SOCK.DGRAM, 0);
  try {
    const taken = boundPort(libc, socket, address, port);
    return {
      port: taken,
      release: udpReservation(taken, () => {
        socket.close();
      }),
    };
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** The source address that routing chooses: that of a connected datagram socket. @throws TransportError without a route */
export function sourceTowards(libc: Libc, destination: Address): Address {
  const socket = new KernelSocket(libc, familyOf(destination), SOCK.DGRAM, 0);
  try {
    const peer = encodeSockaddr(socketAddress(destination, ANY_PORT));
    libc.check(libc.call('connect')(socket.fd, peer, peer.length));
    return addressOf(socket.ownAddress().octets);
  } finally {
    socket.close();
  }
}

function boundPort(libc: Libc, socket: KernelSocket, address: Address, port: number): number {
  if (socket.family === 6) socket.setOption(SOL.IPV6, IPV6.V6ONLY, 0);
  const own = encodeSockaddr(socketAddress(address, port));
  libc.check(libc.call('bind')(socket.fd, own, own.length));
  return socket.ownAddress().port;
}

function socketAddress(address: Address, port: number): SocketAddress {
  return { family: familyOf(address), octets: octetsOf(address), port, scopeId: 0 };
}
