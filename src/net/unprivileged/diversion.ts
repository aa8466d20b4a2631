/**
 * Keeps what the kernel sends of a TCP socket by itself from leaving the machine: the SYN once more after a second and
 * two more (RFC 6298 section 2), which would be a probe nobody asked for, and the end of the handshake. What comes from
 * the target is heard all the same.
 */
import type { OutgoingDatagram } from '../../ports/transport.ts';
import { concat } from '../../wire/bytes.ts';
import { IP, IPV6, SO, SOCK, SOL } from '../linux/constants.ts';
import { ProbeSocket } from './probe-socket.ts';
import type { SocketTools } from './socket-tools.ts';

/** Another DSCP, of no use but that the kernel looks for the route again when it changes. */
const OTHER_DSCP = 0x04;

/**
 * IPv4: beyond a router there is no route any more. IPv6, where routing cannot be bypassed: a source route has its first
 * stop at this machine, which drops it.
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

/** Lets what is sent from now on reach the target. @throws TransportError when the system refuses */
export function endDiversion(socket: ProbeSocket): void {
  if (socket.family === 4) socket.setOption(SOL.SOCKET, SO.DONTROUTE, 0);
  else socket.setOctets(SOL.IPV6, IPV6.RTHDR, new Uint8Array(0));
}

/** Whether a diversion leads away from the target: not over IPv4 when it is on an attached network. */
export function canBeDiverted({ libc, outbox }: SocketTools, probe: OutgoingDatagram): boolean {
  if (probe.family === 6) return true;
  const socket = new ProbeSocket(libc, 4, SOCK.DGRAM, 0, true);
  try {
    socket.bind(probe.source, 0, undefined);
    outbox.fill(socket.destinationOf(probe, 1), 0);
    return outbox.connect(socket.fd) < 0;
  } finally {
    socket.close();
  }
}

/** A segment routing header over one stop; its segments stand from the last to the first. RFC 8754 section 2. */
function segmentRoute(stop: Uint8Array, destination: Uint8Array): Uint8Array {
  const [nextHeader, lengthInUnits, type, segmentsLeft, lastEntry, flags] = [0, 4, 4, 1, 1, 0];
  const head = Uint8Array.of(nextHeader, lengthInUnits, type, segmentsLeft, lastEntry, flags, 0, 0);
  return concat(head, destination, stop);
}
