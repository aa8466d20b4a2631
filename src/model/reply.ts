/** Replies to probes. */
import type { Address } from './address.ts';
import type { IcmpExtension, MplsLabel } from './extension.ts';

/** The source of a time of arrival: the kernel on arrival, or this program when it read the datagram. */
export type Precision = 'kernel' | 'user';

/** The state of a TCP port by its answer. `ecn`: it accepts ECN. `other` has the control bits of an answer that is neither. */
export type TcpState =
  | { readonly state: 'open'; readonly ecn: boolean }
  | { readonly state: 'closed' }
  | { readonly state: 'other'; readonly flags: number };

/** The meaning of a reply. */
export type ReplyKind =
  /** A router discarded the probe: its TTL was used up. */
  | { readonly type: 'time-exceeded' }
  /** Destination unreachable; `nextHopMtu` where ICMP says fragmentation needed. RFC 1191 section 4. */
  | { readonly type: 'unreachable'; readonly code: number; readonly nextHopMtu?: number }
  /** ICMPv6 packet too big. RFC 4443 section 3.2. */
  | { readonly type: 'too-big'; readonly nextHopMtu: number }
  /** ICMPv6 parameter problem. RFC 4443 section 3.4. */
  | { readonly type: 'parameter-problem'; readonly code: number }
  /** The target itself answered in the probe's own protocol. */
  | { readonly type: 'answer'; readonly tcp?: TcpState | undefined };

/**
 * A field that a quote may have otherwise than it was sent, because a box on the way rewrites it and does not restore it
 * in quotes. The destination and its port are not among them: `Reply.translation` tells of those.
 */
export type QuotedField = 'source' | 'sourcePort' | 'sequence' | 'identification';

/** Our datagram as the responder quotes it. */
interface Quote {
  /** All quoted octets, from the IP header on. */
  readonly octets: Uint8Array;
  readonly tos: number;
  readonly ttl: number;
  /** The fields that are quoted otherwise than they were sent; absent when there are none. */
  readonly differs?: readonly QuotedField[] | undefined;
}

/** A quoted destination that is not the one we sent to: the work of destination NAT. RFC 3022. */
export interface Translation {
  readonly address: Address;
  /** Absent where the port is the one we sent to. */
  readonly port?: number;
}

/** The fields of a TCP header by which systems differ. */
export interface TcpMarks {
  readonly flags: number;
  readonly window: number;
  /** The largest segment, in octets. */
  readonly mss?: number;
  /** The kinds of all options, in their order. */
  readonly options: readonly number[];
}

/** What a reply's headers tell of the system that made it. A field is absent where the reply does not have it. */
export interface StackMarks {
  /** Of the IPv4 header. */
  readonly identification?: number;
  readonly dontFragment?: boolean;
  readonly tcp?: TcpMarks;
}

/** One reply. */
export interface Reply {
  readonly responder: Address;
  readonly kind: ReplyKind;
  /** Its destination address; absent where the system does not tell. */
  readonly receivedBy?: Address | undefined;
  /** TTL or hop limit on arrival; absent where the system does not tell. */
  readonly ttl?: number | undefined;
  /** The length of the message in octets, from its transport or ICMP header on. */
  readonly length: number;
  /** The datagram as it arrived: from its IP header on if `hasHeader`, else from its transport or ICMP header on. */
  readonly octets: Uint8Array;
  readonly hasHeader: boolean;
  /** Present on ICMP errors. */
  readonly quote?: Quote | undefined;
  /** The destination in the quote, where a router on the way had changed it. */
  readonly translation?: Translation | undefined;
  /** The label stack that the probe carried when it died, top first; empty when none is told. RFC 4950. */
  readonly mpls: readonly MplsLabel[];
  /** All extension objects, label stacks too, in their order; empty when there are none. RFC 4884. */
  readonly extensions: readonly IcmpExtension[];
  /** The time of arrival, on the clock's scale. */
  readonly atMs: number;
  readonly precision: Precision;
}
