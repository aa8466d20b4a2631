/** What came back for a probe. */
import type { Address } from './address.ts';

/** Who stamped a time: the kernel on arrival, or this program when it got to read. */
export type Precision = 'kernel' | 'user';

/** A TCP port as its answer shows it; `other` carries the flags of an answer that is neither. */
export type TcpState =
  | { readonly state: 'open'; readonly ecn: boolean }
  | { readonly state: 'closed' }
  | { readonly state: 'other'; readonly flags: number };

/** What a reply says about the path. */
export type ReplyKind =
  /** A router took the last TTL. */
  | { readonly type: 'time-exceeded' }
  /** ICMP destination unreachable, or its ICMPv6 kin; `nextHopMtu` of fragmentation needed. RFC 1191 section 4. */
  | { readonly type: 'unreachable'; readonly code: number; readonly nextHopMtu?: number }
  /** ICMPv6 packet too big. RFC 4443 section 3.2. */
  | { readonly type: 'too-big'; readonly nextHopMtu: number }
  /** ICMPv6 parameter problem. RFC 4443 section 3.4. */
  | { readonly type: 'parameter-problem'; readonly code: number }
  /** The target itself answered in the probe's own protocol. */
  | { readonly type: 'answer'; readonly tcp?: TcpState | undefined };

/** One label stack entry. RFC 3032 section 2.1. */
export interface MplsLabel {
  readonly label: number;
  readonly trafficClass: number;
  readonly bottomOfStack: boolean;
  readonly ttl: number;
}

/** Our datagram as the responder saw it. */
interface Quote {
  /** From the IP header on, all that was quoted. */
  readonly octets: Uint8Array;
  readonly tos: number;
  readonly ttl: number;
}

/** A destination that is not the one we sent to: the work of destination NAT. RFC 3022. */
export interface Translation {
  readonly address: Address;
  /** Where the port differs too. */
  readonly port?: number;
}

export interface Reply {
  readonly responder: Address;
  readonly kind: ReplyKind;
  /** The address it was sent to, where the system tells it. */
  readonly receivedBy?: Address | undefined;
  /** TTL or hop limit on arrival; absent where the system does not tell. */
  readonly ttl?: number | undefined;
  /** Octets of the message, from its transport or ICMP header on. */
  readonly length: number;
  /** Of an ICMP error. */
  readonly quote?: Quote | undefined;
  /** Where a router on the way had sent the probe instead, as the quote shows it. */
  readonly translation?: Translation | undefined;
  /** The label stack the probe carried when it died, top first. RFC 4950. */
  readonly mpls: readonly MplsLabel[];
  readonly atMs: number;
  readonly precision: Precision;
}
