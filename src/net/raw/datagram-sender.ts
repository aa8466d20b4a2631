/** Sends whole IP datagrams, headers included, through one raw socket. */
import type { OutgoingDatagram, SendResult } from '../../ports/transport.ts';
import { ERRNO } from '../linux/constants.ts';
import type { KernelSocket } from '../linux/kernel-socket.ts';
import type { KernelMemory, Libc } from '../linux/libc.ts';
import { SendMessage } from '../linux/send-message.ts';
import { SOCKADDR_LENGTH, writeSockaddr } from '../linux/sockaddr.ts';
import { nowMs } from '../monotonic-clock.ts';
import { refusedSend } from '../transport-errors.ts';
import type { SendableWay } from './way.ts';
import type { Ways } from './ways.ts';

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
  readonly #ways: Ways | undefined;
  readonly #sendto;
  readonly #datagram: KernelMemory;
  readonly #address: KernelMemory;
  /** Made when a datagram has to be steered first. */
  #message: SendMessage | undefined;
  #warmUntilMs = -Infinity;

  /** @param ways - undefined where the kernel's routes are not asked for */
  constructor(libc: Libc, socket: KernelSocket, ways: Ways | undefined) {
    this.socket = socket;
    this.#libc = libc;
    this.#ways = ways;
    this.#sendto = libc.call('sendto');
    this.#datagram = libc.allocate(LARGEST_DATAGRAM);
    this.#address = libc.allocate(SOCKADDR_LENGTH);
  }

  /**
   * Sends at once.
   * @param octets - the datagram from its IP header on
   * @throws TransportError ENODEV when there is no such zone
   */
  send(octets: Uint8Array, datagram: OutgoingDatagram): SendResult {
    const scopeId = this.#libc.scopeOf(datagram.zone);
    const way = this.#ways?.of(datagram, scopeId) ?? BARE;
    if (way.kind === 'refused') return { status: 'failed', error: way.error };
    this.#datagram.octets.set(octets);
    const call = this.#prepare(octets.length, datagram, scopeId, way);
    let atMs = nowMs();
    if (atMs > this.#warmUntilMs) {
      this.#transmit(call, true);
      atMs = nowMs();
    }
    const result = this.#transmit(call, false);
    this.#warmUntilMs = atMs + WARM_MS;
    if (result >= 0) return { status: 'sent', atMs };
    const isUnknown = way.kind === 'told' && result === -ERRNO.INVAL && this.#ways?.stopTelling() === true;
    return isUnknown ? this.send(octets, datagram) : refusedSend(this.#libc.errorOf(result));
  }

  /** The way of the datagram's flow in words, where it cannot be sent by it. @throws TransportError ENODEV as `send` does */
  astray(datagram: OutgoingDatagram): string | undefined {
    const way = this.#ways?.of(datagram, this.#libc.scopeOf(datagram.zone));
    return way && way.kind !== 'refused' ? way.isAstray : undefined;
  }

  /** Puts in the address, and what else the kernel is told. */
  #prepare(
    length: number,
    { family, destination }: OutgoingDatagram,
    scopeId: number,
    way: SendableWay,
  ): Call {
    if (way.kind === 'bare') {
      const address = { family, octets: destination, port: 0, scopeId };
      return { length, addressLength: writeSockaddr(this.#address.octets, address) };
    }
    const { steering } = way;
    const { address, port, control, flags } = steering;
    const message = (this.#message ??= new SendMessage(this.#libc, this.#datagram));
    message.fill({ family, octets: address, port, scopeId: steering.scopeId }, control, length);
    return { message, flags };
  }

  /** @param isRehearsal - true to send no octets: the kernel does all else, finds none and returns EFAULT */
  #transmit(call: Call, isRehearsal: boolean): number {
    const { fd } = this.socket;
    if ('message' in call) return call.message.send(fd, call.flags, isRehearsal);
    const octets = isRehearsal ? null : this.#datagram.octets;
    return this.#sendto(fd, octets, call.length, 0, this.#address.octets, call.addressLength);
  }
}

/** A system call that is prepared: sendto, or sendmsg where the kernel is told more. */
type Call =
  | { readonly length: number; readonly addressLength: number }
  | { readonly message: SendMessage; readonly flags: number };

const BARE: SendableWay = { kind: 'bare' };
