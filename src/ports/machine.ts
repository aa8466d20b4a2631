/** The machine that a trace starts from. net/ asks the real one, test/sim/ makes one up. */
import type { Address, Family } from '../model/address.ts';
import type { TransportError } from '../model/errors.ts';
import type { RawOptions, Transport } from './transport.ts';

/** A network interface and its addresses. */
export interface NetworkInterface {
  readonly name: string;
  /** Its number; present where it has a link-local address. */
  readonly index?: number;
  readonly addresses: readonly Address[];
}

/** A flow, as far as routing may look at it. */
export interface RouteQuestion {
  /** The zone of a link-local address counts as the interface where none is given. */
  readonly destination: Address;
  /** The address to send from; the system's choice when absent. Without a zone. */
  readonly source?: Address;
  /** The interface to send from, by name. */
  readonly device?: string;
  /** The firewall mark, 32 bits. */
  readonly mark?: number;
  /** IP protocol, 1 to 255; 0 for none in particular. */
  readonly protocol: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** TOS octet or traffic class. */
  readonly tos: number;
}

/** The way that the system sends the packets of a flow. */
interface Route {
  readonly source: Address;
  /** Finds the name of the interface; `unknown` where the system does not tell. */
  readonly device: () => string;
  /** The next hop; absent where the destination is the machine itself or on an attached network. */
  readonly gateway?: Address;
  /** True where no route leads through the interface that was asked for: the destination is looked for on its link. */
  readonly isGuess: boolean;
}

/** Why the system sends no packets of a flow. */
export type RouteRefusal =
  | 'no-device'
  | 'device-down'
  /** The interface, and all others, have no address of the family. */
  | 'no-source'
  | 'loopback-source'
  /** The interface is the loopback, and the destination elsewhere. */
  | 'loopback-device'
  | 'broadcast'
  /** There is no route. */
  | 'no-route'
  /** A route that says so: unreachable, blackhole, prohibit. */
  | 'unreachable'
  | 'blackhole'
  | 'prohibited';

/** The way, or why there is none with the error that a socket would get. */
export type RouteReply =
  { readonly route: Route } | { readonly refusal: RouteRefusal; readonly error: TransportError };

/** A local port that no other program gets before its release. */
export interface ReservedPort {
  readonly port: number;
  release(): void;
}

/** What a socket may take that is opened later: the right to a firewall mark, or to a local port below 1024. */
export type LaterRight = 'mark' | 'low-port';

/** How rights are given up. */
export interface DropOptions {
  /**
   * True: the first probes may leave meanwhile. The rights go when the event loop turns, a name is looked up, or something
   * has arrived, and before that is looked at.
   */
  readonly mayWait: boolean;
  /** The rights that stay. */
  readonly kept: readonly LaterRight[];
  /** Is told, in one line, what this system could not take away; absent where nobody wants to know. */
  readonly explain?: (message: string) => void;
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
  /** The way of a flow's packets, as the system itself would choose it for a socket of that flow. */
  routeTo(question: RouteQuestion): Promise<RouteReply>;
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
  /**
   * Gives up the rights that only the opening of sockets needed.
   * @throws UsageError where it cannot be told who called; TransportError when the system refuses. What is found only while
   * it waits is thrown by the transport, or the resolver, that was to read
   */
  dropPrivileges(options: DropOptions): Promise<void>;
  /** An unpredictable integer from 0 to `limit` - 1. */
  random(limit: number): number;
}
