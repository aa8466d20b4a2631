/** A socket that anybody may open, dressed for each probe that it sends. */
import type { OutgoingDatagram } from '../../ports/transport.ts';
import type { Family } from '../../model/address.ts';
import { IP, IPV6, PMTUDISC, SO, SOCK, SOL } from '../linux/constants.ts';
import { KernelSocket } from '../linux/kernel-socket.ts';
import type { Libc } from '../linux/libc.ts';
import { encodeSockaddr, type SocketAddress } from '../linux/sockaddr.ts';
import { bigEndian32 } from '../linux/integers.ts';
import { setMark } from '../linux/mark.ts';
import { leaseFlowLabel } from './flow-label.ts';
import type { SocketRouting } from './socket-tools.ts';

/** Room for the errors and replies of a few hundred probes that come all at once, in octets. */
const RECEIVE_BUFFER_LENGTH = 1 << 20;

/** Receives ICMP errors with their extensions, TTLs and stamps. */
export class ProbeSocket extends KernelSocket {
  readonly #libc: Libc;
  /** The last value of each option. */
  readonly #values = new Map<number, number>();
  readonly #dontFragment: number;
  #flowLabel = 0;

  /**
   * Opens the socket.
   * @param type - SOCK_DGRAM or SOCK_STREAM
   * @throws TransportError when the system refuses
   */
  constructor(libc: Libc, family: Family, type: number, protocol: number, routing: SocketRouting) {
    super(libc, family, type, protocol);
    this.#libc = libc;
    this.#dontFragment = type === SOCK.STREAM ? PMTUDISC.do : PMTUDISC.probe;
    try {
      this.#hearErrors();
      this.#route(type, routing);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Sets an option unless it has that value already. @throws TransportError when the system refuses */
  override setOption(level: number, option: number, value: number): void {
    const key = level * 0x10000 + option;
    if (this.#values.get(key) === value) return;
    super.setOption(level, option, value);
    this.#values.set(key, value);
  }

  /** Sets an option whose value is not an int. @throws TransportError when the system refuses */
  setOctets(level: number, option: number, value: Uint8Array): void {
    const { octets } = this.#libc.allocate(value.length);
    octets.set(value);
    this.#libc.check(this.#libc.call('setsockopt')(this.fd, level, option, octets, octets.length));
  }

  /** The first `length` octets of an option's value, with zeros after a shorter one. @throws TransportError */
  option(level: number, option: number, length: number): DataView {
    const value = this.#libc.allocate(length);
    const room = this.#libc.allocate(4);
    room.view.setUint32(0, length, true);
    const { octets } = value;
    this.#libc.check(this.#libc.call('getsockopt')(this.fd, level, option, octets, room.octets));
    return value.view;
  }

  /** Gives what is sent next the fields of this probe's IP header. @throws TransportError when the system refuses */
  dress({ ttl, tos, dontFragment, flowLabel, destination }: OutgoingDatagram): void {
    if (this.family === 4) {
      this.setOption(SOL.IP, IP.TTL, ttl);
      this.setOption(SOL.IP, IP.TOS, tos);
      this.setOption(SOL.IP, IP.MTU_DISCOVER, dontFragment ? this.#dontFragment : PMTUDISC.omit);
      return;
    }
    this.setOption(SOL.IPV6, IPV6.UNICAST_HOPS, ttl);
    this.setOption(SOL.IPV6, IPV6.TCLASS, tos);
    this.setOption(SOL.IPV6, IPV6.MTU_DISCOVER, dontFragment ? PMTUDISC.probe : PMTUDISC.dont);
    this.setOption(SOL.IPV6, IPV6.DONTFRAG, dontFragment ? 1 : 0);
    if (flowLabel === this.#flowLabel) return;
    leaseFlowLabel(this.#libc, this, flowLabel, destination);
    this.#flowLabel = flowLabel;
  }

  /** Binds the socket. `port` 0 means any. @throws TransportError when the system refuses */
  bind(address: Uint8Array, port: number, zone: string | undefined): void {
    const sockaddr = encodeSockaddr(this.#socketAddress(address, port, zone));
    this.#libc.check(this.#libc.call('bind')(this.fd, sockaddr, sockaddr.length));
  }

  /** The socket address of a probe's destination. @throws TransportError when there is no such zone */
  destinationOf({ destination, zone }: OutgoingDatagram, port: number): SocketAddress {
    return this.#socketAddress(destination, port, zone);
  }

  /**
   * Has the kernel route what is sent as the user wants it. An IPv4 datagram socket sends by the interface and still hears
   * errors that come in by another. Others have to be bound: IPv6 takes what is less for a mere wish.
   */
  #route(type: number, { dontRoute, device, mark }: SocketRouting): void {
    if (dontRoute) this.setOption(SOL.SOCKET, SO.DONTROUTE, 1);
    if (mark !== undefined) setMark(this, mark);
    if (device === undefined) return;
    if (type === SOCK.STREAM || this.family === 6) {
      this.setOctets(SOL.SOCKET, SO.BINDTODEVICE, new TextEncoder().encode(`${device}\0`));
      return;
    }
    this.setOctets(SOL.IP, IP.UNICAST_IF, bigEndian32(this.#libc.scopeOf(device)));
  }

  #hearErrors(): void {
    this.askForFacts();
    this.setReceiveBuffer(RECEIVE_BUFFER_LENGTH);
    if (this.family === 4) {
      this.setOption(SOL.IP, IP.RECVERR, 1);
      this.setOption(SOL.IP, IP.RECVERR_RFC4884, 1);
      return;
    }
    this.setOption(SOL.IPV6, IPV6.RECVERR, 1);
    this.setOption(SOL.IPV6, IPV6.RECVERR_RFC4884, 1);
    this.setOption(SOL.IPV6, IPV6.V6ONLY, 1);
    this.setOption(SOL.IPV6, IPV6.AUTOFLOWLABEL, 0);
  }

  #socketAddress(octets: Uint8Array, port: number, zone: string | undefined): SocketAddress {
    return { family: this.family, octets, port, scopeId: this.#libc.scopeOf(zone) };
  }
}
