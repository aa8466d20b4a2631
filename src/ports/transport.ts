/** The way to the wire. net/ has three of them, test/sim/ one in memory. */
import type { Address, Family } from '../model/address.ts';
import type { TransportError } from '../model/errors.ts';
import type { Precision } from '../model/reply.ts';

/** A probe on its way to the wire, the IP header in fields. */
export interface OutgoingDatagram {
  readonly family: Family;
  readonly source: Uint8Array;
  /** Where the header points: the target, or the first gateway of a source route. */
  readonly destination: Uint8Array;
  /** The zone of a link-local destination. */
  readonly zone?: string | undefined;
  readonly protocol: number;
  readonly ttl: number;
  /** TOS octet or traffic class. */
  readonly tos: number;
  /** IPv6 only. */
  readonly flowLabel: number;
  /** IPv4 only. */
  readonly identification: number;
  readonly dontFragment: boolean;
  /** IPv4 options, a multiple of 4 octets. */
  readonly options: Uint8Array;
  /** The transport header and what follows it. */
  readonly payload: Uint8Array;
}

/**
 * What became of a send. `busy`: the system has no room now; ask again in a moment, nothing was sent.
 */
export type SendResult =
  | { readonly status: 'sent'; readonly atMs: number }
  | { readonly status: 'busy' }
  | { readonly status: 'failed'; readonly error: TransportError };

/** A datagram as it arrived. Its octets are the receiver's own copy. */
export interface ReceivedDatagram {
  readonly family: Family;
  /** Of the socket it arrived on. */
  readonly protocol: number;
  readonly source: Address;
  /** From the IP header on where `hasHeader`, else from the transport header on, as raw IPv6 sockets give it. */
  readonly octets: Uint8Array;
  readonly hasHeader: boolean;
  /** TTL or hop limit on arrival, where the system tells it beside the octets. */
  readonly ttl?: number | undefined;
  /** On the clock's scale. */
  readonly atMs: number;
  readonly precision: Precision;
}

/** Which way a transport goes to the wire. */
type TransportName = 'kernel' | 'raw-socket' | 'unprivileged' | 'simulated';

/** Which one the user wants; `auto` is the best that can be had. */
export type TransportChoice = 'auto' | 'kernel' | 'raw-socket';

/** Sends probes and receives whatever arrives. Opened with all it needs, so that no right is needed later. */
export interface Transport {
  readonly name: TransportName;
  /** Whether replies carry the time of their arrival, however late they are received: else receive after each send. */
  readonly stampsArrivals?: boolean;
  /** Sends at once. The time is taken right before the system call. */
  send(datagram: OutgoingDatagram): SendResult;
  /** All that has arrived and was not received yet, oldest first; empty when nothing is there. */
  receive(): readonly ReceivedDatagram[];
  /** Sets the one callback that is called when there may be something to receive, never from within a method. */
  onReadable(callback: () => void): void;
  /**
   * Has the system keep back whatever cannot be a reply to these: what did arrive already is gone. To be called
   * before the first send. Not every transport can.
   */
  narrow?(expected: readonly ExpectedReplies[]): void;
  /** Closes all sockets; may be called more than once. Nothing else may be called after it. */
  close(): void;
}

/** What the replies to one trace's probes have in common. What has none of it may still arrive. */
export interface ExpectedReplies {
  readonly family: Family;
  /** Of the probes. */
  readonly protocol: number;
  /** The probes' source: errors quote it. 4 or 16 octets, like `responders`. */
  readonly source: Uint8Array;
  /** Who may answer in the probes' own protocol. */
  readonly responders: readonly Uint8Array[];
  /** A 16-bit number that counts up from `value`, less than `count` times. */
  readonly ident?: {
    readonly value: number;
    readonly count: number;
    /** Its octet in a probe's transport header, which errors quote. */
    readonly probeOffset: number;
    /** Its octet in an answer's. */
    readonly answerOffset?: number;
  };
}

/** What to open, so that no right is needed later. */
export interface RawOptions {
  readonly transport: TransportChoice;
  readonly families: readonly Family[];
  /** Whose messages are received besides ICMP's: those of the probe, if its target answers in kind. */
  readonly protocols: readonly number[];
  /** The probes' own protocols, answered in kind or not: some systems need a socket of each to send. */
  readonly probeProtocols?: readonly number[];
  /** Something is wanted that only raw sockets can do. */
  readonly rawOnly?: boolean;
  /** Bypass routing: only hosts on attached networks are reached. */
  readonly dontRoute: boolean;
  /** Socket-level debugging. */
  readonly debug: boolean;
  /** Told, in one line, that a lesser way had to be taken than the best. */
  readonly warn?: (message: string) => void;
}
