/** What a trace needs to know of the machine it starts from. net/ tells it for real, test/sim/ makes it up. */
import type { Address, Family } from '../model/address.ts';
import type { RawOptions, Transport } from './transport.ts';

export interface NetworkInterface {
  readonly name: string;
  /** Its number, where it has a link-local address. */
  readonly index?: number;
  readonly addresses: readonly Address[];
}

/** A local port that no other program gets until it is released. */
export interface ReservedPort {
  readonly port: number;
  release(): void;
}

export interface Machine {
  /** The TTL that the system gives its own datagrams, 1 to 255: the default of the largest TTL. */
  defaultTtl(family: Family): number;
  interfaces(): readonly NetworkInterface[];
  /**
   * The source address that the system would choose towards `destination`.
   * @throws TransportError when there is no route
   */
  sourceTowards(destination: Address): Promise<Address>;
  /** Whether datagrams may be sent from this address: it is the machine's own. */
  isOwn(address: Address): Promise<boolean>;
  /**
   * Takes a local port for the run without listening on it.
   * @param families - for which it is taken, on all addresses
   * @param port - the one wanted, or 0 for any
   * @throws TransportError EADDRINUSE when it is taken, EACCES when it takes a right
   */
  reservePort(kind: 'tcp' | 'udp', families: readonly Family[], port: number): Promise<ReservedPort>;
  /** Opens the sockets of a trace, before any other wait. @throws TransportError when the system refuses */
  openTransport(options: RawOptions): Promise<Transport>;
  /** Gives up the rights that only opening sockets needed. */
  dropPrivileges(): Promise<void>;
  /** An unpredictable integer from 0 up to, not including, `limit`. */
  random(limit: number): number;
}
