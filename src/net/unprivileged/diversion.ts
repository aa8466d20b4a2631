/**
 * Keeps segments on this machine that the kernel sends by itself through a TCP socket: the SYN again after one second
 * and after two more (RFC 6298 section 2), which would be a probe that nobody asked for, and the end of the handshake.
 * The socket hears the target all the same.
 */
import type { OutgoingDatagram } from '../../ports/transport.ts';
import { concat } from '../../wire/bytes.ts';
import { IP, IPV6, SO, SOCK, SOL } from '../linux/constants.ts';
import { ProbeSocket } from './probe-socket.ts';
import type { SocketTools } from './socket-tools.ts';

/** Another DSCP. Its only use: when it changes, the kernel looks for the route again. */
const OTHER_DSCP = 0x04;

/**
 * Diverts what the socket sends from now on. IPv4: routing is bypassed, so that nothing goes beyond a router. IPv6, where
 * it cannot be bypassed: a source route makes this machine its first stop, which drops the segment.
 * @throws TransportError when the system refuses
 */
export function divert(socket: ProbeSocket, { tos, source, destination }: OutgoingDatagram): void {
  if (socket.family === 4) {
    socket.setOption(SOL.SOCKET, SO.DONTROUTE, 1);
    socket.setOption(SOL.IP, IP.TOS, tos ^ OTHER_DSCP);
  } else {
    socket.setOctets(SOL.IPV6, IPV6.RTHDR, segmentRoute(source, destination));
  }
}

/** Lets what the socket sends from now on reach the target. @throws TransportError when the system refuses */
export function endDiversion(socket: ProbeSocket): void {
  if (socket.family === 4) socket.setOption(SOL.SOCKET, SO.DONTROUTE, 0);
  else socket.setOctets(SOL.IPV6, IPV6.RTHDR, new Uint8Array(0));
}

/**
 * True when a diversion leads away from the target: always over IPv6, over IPv4 unless the target is on an attached
 * network.
 * @throws TransportError when the system refuses a socket
 */
export function canBeDiverted({ libc, outbox }: SocketTools, probe: OutgoingDatagram): boolean {
  if (probe.family === 6) return true;
  const socket = new ProbeSocket(libc, 4, SOCK.DGRAM, 0, { dontRoute: true });
  try {
    socket.bind(probe.source, 0, undefined);
    outbox.fill(socket.destinationOf(probe, 1), 0);
    return outbox.connect(socket.fd) < 0;
  } finally {
    socket.close();
  }
}

/** A segment routing header with one stop. Its segments stand in reverse order. RFC 8754 section 2 */
function segmentRoute(stop: Uint8Array, destination: Uint8Array): Uint8Array {
  const [nextHeader, lengthInUnits, type, segmentsLeft, lastEntry, flags] = [0, 4, 4, 1, 1, 0];
  const head = Uint8Array.of(nextHeader, lengthInUnits, type, segmentsLeft, lastEntry, flags, 0, 0);
  return concat(head, destination, stop);
}
