/** Memory that outlives its calls, so that none is made between a probe's stamp and its leaving. */
import type { KernelMemory, Libc } from '../linux/libc.ts';
import { SOCKADDR_LENGTH, writeSockaddr, type SocketAddress } from '../linux/sockaddr.ts';

/** IPv4's and IPv6's largest payload. */
const LARGEST_PAYLOAD = 65_535;

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

  /** Puts in what the next call sends, and where to. */
  fill(address: SocketAddress, flowLabel: number, data?: Uint8Array): void {
    this.#addressLength = writeSockaddr(this.#address.octets, address, flowLabel);
    this.#dataLength = data?.length ?? 0;
    if (data) this.#data.octets.set(data);
  }

  /** 0, or a negative errno. */
  connect(fd: number): number {
    return this.#connect(fd, this.#address.octets, this.#addressLength);
  }

  /**
   * All of a send but the sending, for the processor's caches (kernel/datagram-sender.ts): of one octet, which the
   * kernel does not find, EFAULT. None at all would be a datagram.
   */
  rehearse(fd: number): void {
    this.#sendto(fd, null, 1, 0, this.#address.octets, this.#addressLength);
  }

  /** Octets sent, or a negative errno. */
  sendto(fd: number): number {
    const { octets } = this.#address;
    return this.#sendto(fd, this.#data.octets, this.#dataLength, 0, octets, this.#addressLength);
  }
}
