/** The machine that a trace starts from. net/ asks the real one, test/sim/ makes one up. */
import type { Address, Family } from '../model/address.ts';
import type { RawOptions, Transport } from './transport.ts';

/** A network interface and its addresses. */
export interface NetworkInterface {
  readonly name: string;
  /** Its number; present where it has a link-local address. */
  readonly index?: number;
  readonly addresses: readonly Address[];
}

/** A local port that no other program gets before its release. */
export interface ReservedPort {
  readonly port: number;
  release(): void;
}

/** The facts and the sockets of a machine. */
export interface Machine {
  /** The TTL of the system's own datagrams, 1 to 255: the default of the largest TTL. */
  defaultTtl(family: Family): number;
  interfaces(): readonly NetworkInterface[];
  /**
   * The source address that the system would choose towards `destination`.
   * @throws TransportError when there is no route
   */
  sourceTowards(destination: Address): Promise<Address>;
  /** True when the address is the machine's own, so that datagrams may be sent from it. */
  isOwn(address: Address): Promise<boolean>;
  /**
   * Reserves a local port for the run, on all addresses, without listening on it.
   * @param families - the families to reserve it in
   * @param port - the port wanted, or 0 for any
   * @throws TransportError EADDRINUSE when another program has it, EACCES when it needs a right
   */
  reservePort(kind: 'tcp' | 'udp', families: readonly Family[], port: number): Promise<ReservedPort>;
  /** Opens the sockets of a run, before it waits for anything else. @throws TransportError when the system refuses */
  openTransport(options: RawOptions): Promise<Transport>;
  /** Gives up the rights that only the opening of sockets needed. */
  dropPrivileges(): Promise<void>;
  /** An unpredictable integer from 0 to `limit` - 1. */
  random(limit: number): number;
}
