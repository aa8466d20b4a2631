/** One socket of the kernel, by its descriptor. */
import type { Family } from '../../model/address.ts';
import { AF, IP, IPV6, SO, SOCK, SOL } from './constants.ts';
import type { Libc } from './libc.ts';
import { decodeSockaddr, SOCKADDR_LENGTH, type SocketAddress } from './sockaddr.ts';

/** A socket that never blocks and that child processes do not inherit. */
export class KernelSocket {
  readonly fd: number;
  readonly family: Family;
  readonly #libc: Libc;
  #isOpen = true;

  /**
   * @param type - SOCK_RAW, SOCK_DGRAM or SOCK_STREAM
   * @throws TransportError when the system refuses
   */
  constructor(libc: Libc, family: Family, type: number, protocol: number) {
    this.#libc = libc;
    this.family = family;
    const domain = family === 4 ? AF.INET : AF.INET6;
    this.fd = libc.check(libc.call('socket')(domain, type | SOCK.NONBLOCK | SOCK.CLOEXEC, protocol));
  }

  /** @throws TransportError when the system refuses */
  setOption(level: number, option: number, value: number): void {
    this.#libc.setOption(this.fd, level, option, value);
  }

  /** Has the kernel report when each datagram arrived, and with which TTL or hop limit. */
  askForFacts(): void {
    this.setOption(SOL.SOCKET, SO.TIMESTAMPNS, 1);
    if (this.family === 4) this.setOption(SOL.IP, IP.RECVTTL, 1);
    else this.setOption(SOL.IPV6, IPV6.RECVHOPLIMIT, 1);
  }

  /**
   * Makes room for datagrams that wait to be read.
   * @param length - in octets; without CAP_NET_ADMIN the system may grant less
   */
  setReceiveBuffer(length: number): void {
    try {
      this.setOption(SOL.SOCKET, SO.RCVBUFFORCE, length);
    } catch {
      this.setOption(SOL.SOCKET, SO.RCVBUF, length); // up to net.core.rmem_max
    }
  }

  /** The address that the socket is bound to. @throws TransportError when the system refuses */
  ownAddress(): SocketAddress {
    const { octets } = this.#libc.allocate(SOCKADDR_LENGTH);
    const room = this.#libc.allocate(4);
    room.view.setUint32(0, octets.length, true);
    this.#libc.check(this.#libc.call('getsockname')(this.fd, octets, room.octets));
    const address = decodeSockaddr(octets);
    if (!address) throw new Error('a socket has an address of another family than it was made for');
    return address;
  }

  /** May be called more than once: only the first call closes, since the descriptor may be another's afterwards. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#libc.call('close')(this.fd);
  }
}
