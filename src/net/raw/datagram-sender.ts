/** Sends whole IP datagrams, headers included, through one raw socket. */
import type { OutgoingDatagram, SendResult } from '../../ports/transport.ts';
import type { KernelSocket } from '../linux/kernel-socket.ts';
import type { KernelMemory, Libc } from '../linux/libc.ts';
import { SOCKADDR_LENGTH, writeSockaddr } from '../linux/sockaddr.ts';
import { nowMs } from '../monotonic-clock.ts';
import { refusedSend } from '../transport-errors.ts';

/** Octets: an IPv6 header and a payload of 65,535. RFC 8200 section 3 */
const LARGEST_DATAGRAM = 65_575;
/**
 * After a longer pause a send is rehearsed. Code and routes that left the processor's caches would cost ten microseconds
 * or more between the reading of the clock and the wire.
 */
const WARM_MS = 0.05;

/** Owns the memory of its sends, so that none is made between the stamp and the system call. */
export class DatagramSender {
  readonly socket: KernelSocket;
  readonly #libc: Libc;
  readonly #sendto;
  readonly #datagram: KernelMemory;
  readonly #address: KernelMemory;
  #warmUntilMs = -Infinity;

  constructor(libc: Libc, socket: KernelSocket) {
    this.socket = socket;
    this.#libc = libc;
    this.#sendto = libc.call('sendto');
    this.#datagram = libc.allocate(LARGEST_DATAGRAM);
    this.#address = libc.allocate(SOCKADDR_LENGTH);
  }

  /**
   * Sends at once.
   * @param octets - the datagram from its IP header on
   * @throws TransportError ENODEV when there is no such zone
   */
  send(octets: Uint8Array, { family, destination, zone }: OutgoingDatagram): SendResult {
    const address = { family, octets: destination, port: 0, scopeId: this.#libc.scopeOf(zone) };
    const addressLength = writeSockaddr(this.#address.octets, address);
    this.#datagram.octets.set(octets);
    let atMs = nowMs();
    if (atMs > this.#warmUntilMs) {
      this.#transmit(null, octets.length, addressLength);
      atMs = nowMs();
    }
    const result = this.#transmit(this.#datagram.octets, octets.length, addressLength);
    this.#warmUntilMs = atMs + WARM_MS;
    return result >= 0 ? { status: 'sent', atMs } : refusedSend(this.#libc.errorOf(result));
  }

  /** @param octets - null for a rehearsal: the kernel does all else, finds no octets and returns EFAULT */
  #transmit(octets: Uint8Array | null, length: number, addressLength: number): number {
    return this.#sendto(this.socket.fd, octets, length, 0, this.#address.octets, addressLength);
  }
}
