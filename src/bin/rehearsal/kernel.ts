/** The kernel of the rehearsal: its sockets are in memory, and lead to the path in path.ts. */
import { octetsOf } from '../../model/address.ts';
import { AF, ERRNO, SOCK } from '../../net/linux/constants.ts';
import type { Layout } from '../../net/linux/layout.ts';
import type { Calls } from '../../net/linux/libc.ts';
import { decodeSockaddr, writeSockaddr, type SocketAddress } from '../../net/linux/sockaddr.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
import { writeArrival, writeTime, type Arrival } from './arrivals.ts';
import { netlinkAnswer } from './netlink.ts';
import { answerTo, SOURCE } from './path.ts';

/** The calls that a trace makes; each answers as Calls says. */
type RehearsedCalls = Omit<
  Calls,
  'sendmsg' | 'getsockopt' | 'epoll_create1' | 'epoll_ctl' | 'epoll_wait' | '_exit' | 'if_nametoindex'
>;

interface Socket {
  readonly domain: number;
  readonly type: number;
  readonly protocol: number;
  own: SocketAddress;
  /** Oldest first. */
  readonly arrived: Arrival[];
  /** Of a netlink socket, oldest first. */
  readonly answers: Uint8Array[];
  onReadable: (() => void) | undefined;
}

/** Descriptors of standard streams come first. */
const FIRST_DESCRIPTOR = 3;
/** The port that a socket gets which asks for any. RFC 6335 section 6: a dynamic one. */
const FREE_PORT = 49_152;
/** asm-generic/errno-base.h */
const EFAULT = 14;
/** Type and flags share an argument. socket(2) */
const TYPE_MASK = 0xf;

/** Holds the sockets of one rehearsal. All calls succeed at once but the reading of an empty socket. */
export class Kernel implements RehearsedCalls {
  readonly #layout: Layout;
  readonly #sockets = new Map<number, Socket>();
  #nextDescriptor = FIRST_DESCRIPTOR;

  /** @param layout - where callers have the members of structures */
  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** Calls back, until the socket is closed, when something has arrived on it. */
  watch(fd: number, callback: () => void): void {
    this.#socket(fd).onReadable = callback;
  }

  socket(domain: number, type: number, protocol: number): number {
    const own = { family: 4, octets: octetsOf(SOURCE), port: FREE_PORT, scopeId: 0 } as const;
    const socket = {
      domain,
      type: type & TYPE_MASK,
      protocol,
      own,
      arrived: [],
      answers: [],
      onReadable: undefined,
    };
    this.#sockets.set(this.#nextDescriptor, socket);
    return this.#nextDescriptor++;
  }

  bind(fd: number, address: Uint8Array): number {
    const wanted = decodeSockaddr(address);
    if (wanted) this.#socket(fd).own = { ...wanted, port: wanted.port || FREE_PORT };
    return 0;
  }

  connect(): number {
    return 0;
  }

  getsockname(fd: number, address: Uint8Array, length: Uint8Array): number {
    length[0] = writeSockaddr(address, this.#socket(fd).own);
    return 0;
  }

  setsockopt(): number {
    return 0;
  }

  prctl(): number {
    return 0;
  }

  /** All have all capabilities. */
  capget(_header: Uint8Array, data: Uint8Array): number {
    data.fill(0xff);
    return 0;
  }

  capset(): number {
    return 0;
  }

  /** seccomp(2) */
  syscall(): number {
    return 0;
  }

  /** What the kernel has answered on a netlink socket. */
  recv(fd: number, octets: Uint8Array): number {
    const answer = this.#socket(fd).answers.shift();
    if (!answer) return -ERRNO.AGAIN;
    octets.set(answer);
    return answer.length;
  }

  /** A raw socket's datagram gets its answer from the path; any other socket is connected to itself. */
  sendto(fd: number, octets: Uint8Array | null, length: number): number {
    const socket = this.#socket(fd);
    if (!octets) return -EFAULT;
    const sent = octets.slice(0, length);
    if (socket.domain === AF.NETLINK) socket.answers.push(netlinkAnswer(sent));
    else if (socket.type === SOCK.RAW) this.#answer(sent);
    else this.#deliver(socket, { octets: sent, source: socket.own, ttl: 64, atNs: nowNs() });
    return length;
  }

  recvmmsg(fd: number, messages: Uint8Array, count: number): number {
    const taken = this.#socket(fd).arrived.splice(0, count);
    for (const [index, arrival] of taken.entries()) {
      writeArrival(messages, index * this.#layout.message.size, arrival, this.#layout);
    }
    return taken.length === 0 ? -ERRNO.AGAIN : taken.length;
  }

  /** One struct pollfd: what is asked for is there. poll(2) */
  poll(descriptor: Uint8Array, count: number): number {
    descriptor.copyWithin(6, 4, 6);
    return count;
  }

  clock_gettime(_clock: number, time: Uint8Array): number {
    writeTime(new DataView(time.buffer, time.byteOffset), 0, nowNs(), this.#layout);
    return 0;
  }

  close(fd: number): number {
    this.#sockets.delete(fd);
    return 0;
  }

  #answer(probe: Uint8Array): void {
    const { responder, ttl, octets } = answerTo(probe);
    const source = { family: 4, octets: responder, port: 0, scopeId: 0 } as const;
    for (const socket of this.#sockets.values()) {
      const hears = socket.type === SOCK.RAW && socket.protocol === IP_PROTOCOL.icmp;
      if (hears) this.#deliver(socket, { octets, source, ttl, atNs: nowNs() });
    }
  }

  #deliver(socket: Socket, arrival: Arrival): void {
    socket.arrived.push(arrival);
    if (socket.arrived.length > 1) return; // it was told of the first, and reads all there are
    setImmediate(() => socket.onReadable?.());
  }

  #socket(fd: number): Socket {
    const socket = this.#sockets.get(fd);
    if (!socket) throw new Error(`the rehearsal has no socket ${fd}`);
    return socket;
  }
}

function nowNs(): bigint {
  return process.hrtime.bigint();
}
