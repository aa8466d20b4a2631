/** Holds what the next call sends, so that no memory is made between a probe's stamp and its leaving. */
import type { KernelMemory, Libc } from '../linux/libc.ts';
import { SOCKADDR_LENGTH, writeSockaddr, type SocketAddress } from '../linux/sockaddr.ts';

/** The largest payload of IPv4 and IPv6, in octets. */
const LARGEST_PAYLOAD = 65_535;

/** One outbox serves all sockets of a transport. */
export class Outbox {
  readonly #data: KernelMemory;
  readonly #address: KernelMemory;
  readonly #connect;
  readonly #sendto;
  #dataLength = 0;
  #addressLength = 0;

  constructor(libc: Libc) {
    this.#data = libc.allocate(LARGEST_PAYLOAD);
    this.#address = libc.allocate(SOCKADDR_LENGTH);
    this.#connect = libc.call('connect');
    this.#sendto = libc.call('sendto');
  }

  /** Puts in what the next call sends, and its destination. `flowLabel`: 20 bits, IPv6 only. */
  fill(address: SocketAddress, flowLabel: number, data?: Uint8Array): void {
    this.#addressLength = writeSockaddr(this.#address.octets, address, flowLabel);
    this.#dataLength = data?.length ?? 0;
    if (data) this.#data.octets.set(data);
  }

  /** Connects a socket to the destination. Returns 0, or a negative errno. */
  connect(fd: number): number {
    return this.#connect(fd, this.#address.octets, this.#addressLength);
  }

  /**
   * Does all of a send but the sending, to fill the processor's caches (raw/datagram-sender.ts). It asks for one octet,
   * which the kernel does not find: EFAULT. Without any octet it would send an empty datagram.
   */
  rehearse(fd: number): void {
    this.#sendto(fd, null, 1, 0, this.#address.octets, this.#addressLength);
  }

  /** Sends. Returns the octets sent, or a negative errno. */
  sendto(fd: number): number {
    const { octets } = this.#address;
    return this.#sendto(fd, this.#data.octets, this.#dataLength, 0, octets, this.#addressLength);
  }
}
