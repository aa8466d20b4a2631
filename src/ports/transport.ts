/** The way to the wire. net/ has three of them, test/sim/ has one in memory. */
import type { Address, Family } from '../model/address.ts';
import type { TransportError } from '../model/errors.ts';
import type { Precision } from '../model/reply.ts';

/** A probe on its way to the wire, with its IP header in fields. */
export interface OutgoingDatagram {
  readonly family: Family;
  readonly source: Uint8Array;
  /** The destination in the header: the target, or the first gateway of a source route. */
  readonly destination: Uint8Array;
  /** The zone of a link-local destination, by name or number. */
  readonly zone?: string | undefined;
  readonly protocol: number;
  readonly ttl: number;
  /** TOS octet or traffic class. */
  readonly tos: number;
  /** IPv6 only, 20 bits. */
  readonly flowLabel: number;
  /** IPv4 only, 16 bits. */
  readonly identification: number;
  readonly dontFragment: boolean;
  /** IPv4 options, a multiple of 4 octets. */
  readonly options: Uint8Array;
  /** The octets from the transport header on. */
  readonly payload: Uint8Array;
}

/** The result of a send. `busy`: nothing was sent, because the system has no room now; try again in a moment. */
export type SendResult =
  | { readonly status: 'sent'; readonly atMs: number }
  | { readonly status: 'busy' }
  | { readonly status: 'failed'; readonly error: TransportError };

/** A datagram as it arrived. Its octets belong to the receiver. */
export interface ReceivedDatagram {
  readonly family: Family;
  /** The IP protocol of the socket that it arrived on. */
  readonly protocol: number;
  readonly source: Address;
  /** From the IP header on if `hasHeader`, else from the transport header on, as raw IPv6 sockets deliver it. */
  readonly octets: Uint8Array;
  readonly hasHeader: boolean;
  /** TTL or hop limit on arrival, where the system tells it besides the octets. */
  readonly ttl?: number | undefined;
  /** The time of arrival, on the clock's scale. */
  readonly atMs: number;
  readonly precision: Precision;
}

/** The ways to the wire that there are. */
type TransportName = 'kernel' | 'raw-socket' | 'unprivileged' | 'simulated';

/** The way that the user wants; `auto` is the best that can be had. */
export type TransportChoice = 'auto' | 'kernel' | 'raw-socket' | 'plain';

/** Sends probes and receives whatever arrives. It is opened with everything it needs, so it needs no right later. */
export interface Transport {
  readonly name: TransportName;
  /** True: datagrams carry their time of arrival, however late they are received. Else receive after each send. */
  readonly stampsArrivals?: boolean;
  /** True: it calls `onRead` of its options before it looks at anything that has arrived. */
  readonly tellsOfReading?: boolean;
  /** True: each SYN asks for a connection of its own, whatever ports the probe has. */
  readonly connectsEach?: boolean;
  /** Sends at once. Takes the time right before the system call. */
  send(datagram: OutgoingDatagram): SendResult;
  /**
   * The way that the flow of a datagram takes, in words, where this transport would send it by another; undefined where it
   * goes the flow's own way. Absent where packets always do, or the transport cannot tell.
   */
  astray?(datagram: OutgoingDatagram): string | undefined;
  /** Returns what has arrived since the last call, oldest first; empty when nothing has. */
  receive(): readonly ReceivedDatagram[];
  /** Sets the one callback for when there may be something to receive. It is never called from within a method. */
  onReadable(callback: () => void): void;
  /**
   * Has the system keep back whatever cannot be one of these replies, or apart where it is wanted too. Drops what has arrived already, so call it before
   * the first send. Absent where the transport cannot.
   */
  narrow?(expected: readonly ExpectedReplies[]): void;
  /**
   * Closes what would keep this machine from answering these traces itself. Call it before `onReadable`. Absent where
   * nothing does.
   */
  makeWay?(expected: readonly ExpectedReplies[]): void;
  /** Closes all sockets. May be called again; no other method may be called afterwards. */
  close(): void;
}

/** The features of the replies to one trace's probes. Packets without them may still arrive. */
export interface ExpectedReplies {
  readonly family: Family;
  /** The protocol of the probes. */
  readonly protocol: number;
  /** The probes' source, which errors quote. 4 or 16 octets, like `responders`. */
  readonly source: Uint8Array;
  /** The addresses that may answer in the probes' own protocol; empty where any may. */
  readonly responders: readonly Uint8Array[];
  /** The identification of the probes' IPv4 headers, likewise; when absent, that of `ident`. */
  readonly identification?: { readonly value: number; readonly count: number };
  /** A 16-bit number that each probe carries: `value` to `value + count - 1`. */
  readonly ident?: {
    readonly value: number;
    readonly count: number;
    /** Its offset in a probe's transport header, which errors quote. */
    readonly probeOffset: number;
    /** Its offset in an answer's transport header. */
    readonly answerOffset?: number;
  };
}

/** The sockets to open, all at the start, so that no right is needed later. */
export interface RawOptions {
  readonly transport: TransportChoice;
  readonly families: readonly Family[];
  /** The protocols to receive besides ICMP: that of the probe, if its target answers in kind. */
  readonly protocols: readonly number[];
  /** The probes' own protocols, answered in kind or not: some systems need a socket of each to send. */
  readonly probeProtocols?: readonly number[];
  /** True: the run needs something that only raw sockets can do. */
  readonly rawOnly?: boolean;
  /** True: only sockets that take no rights, whose packets always go the way of their flow. */
  readonly plainOnly?: boolean;
  /**
   * True: what is no reply is wanted too. A transport that can keep it back from the replies hands out as much of it as it
   * has the time for.
   */
  readonly overhears?: boolean;
  /** True: routing is bypassed, so that only hosts on attached networks are reached. */
  readonly dontRoute: boolean;
  /** True: socket-level debugging (SO_DEBUG) is on. */
  readonly debug: boolean;
  /** The interface that packets leave by, by name; the system's choice when absent. */
  readonly device?: string;
  /** The firewall mark of all packets, 1 to 2^32 - 1. */
  readonly mark?: number;
  /**
   * Is told of each reading how many datagrams it has brought, which may be none, before they are looked at. What it throws,
   * `receive` throws.
   */
  readonly onRead?: (count: number) => void;
  /** Is told, in one line, that a lesser way than the best had to be taken. */
  readonly warn?: (message: string) => void;
  /** Is told, in one line, what only somebody who debugs wants to know; absent where nobody does. */
  readonly explain?: (message: string) => void;
}
