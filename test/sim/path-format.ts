/** A simulated path, in the format of the recorded cases. Times are milliseconds. */

export interface HopFormat {
  /** Who answers; with several, `ecmp` picks. */
  readonly addr: string | readonly string[];
  readonly addr6?: string | readonly string[];
  /** `flow` (the default) by a hash of the flow, `packet` at random, `roundrobin` in turn. */
  readonly ecmp?: 'flow' | 'packet' | 'roundrobin';
  /** Round trip to this hop. */
  readonly delay?: number;
  /** Added to the delay, 0 up to this much. */
  readonly jitter?: number;
  /** Share of what this hop should answer that it does not, 0 to 1. */
  readonly loss?: number;
  /** Limits what this hop answers: so many at once, and then so many a second. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  readonly silent?: boolean;
  /** Destination unreachable of the probe's family, with this code, in place of time exceeded. */
  readonly code?: number;
  /** ICMPv6 type and code in place of `code`, for probes of IPv6. RFC 4443 section 3. */
  readonly error6?: readonly [type: number, code: number];
  /** Next-hop MTU that comes with `code` 4. RFC 1191 section 4. */
  readonly pmtu?: number;
  /** What is longer and may not be fragmented does not pass. */
  readonly mtu?: number;
  readonly ecn?: 'bleach' | 'mark';
  /** Rewrites the TOS octet or traffic class. */
  readonly tos?: number;
  /** `ip`, `ip:port`, or `[ip6]:port`: where the probe goes from here on. */
  readonly dnat?: string;
  /** Matchers (see filter.ts) of what silently does not pass. */
  readonly drop?: string | readonly string[];
  /** Matcher to the unreachable code, or `rst`, that comes back. */
  readonly reject?: Readonly<Record<string, number | 'rst'>>;
  /** `[label, exp, bottom, ttl]`, top first. */
  readonly mpls?: readonly (readonly [number, number, number, number])[];
}

export type PortState = 'open' | 'closed' | 'filtered';

export interface HostFormat {
  readonly tcp?: Readonly<Record<string, PortState>>;
  readonly tcp_default?: PortState;
  readonly udp?: Readonly<Record<string, PortState>>;
  readonly udp_default?: PortState;
  /** Ports that are in neither state are of a host without SCTP. */
  readonly sctp?: Readonly<Record<string, PortState>>;
  /** Whether it answers echo requests; it does unless false. */
  readonly icmp?: boolean;
  /** Accepts ECN. RFC 3168 section 6.1.1. */
  readonly ecn?: boolean;
  readonly proto_default?: 'unreach' | 'silent';
  /** TTL of its replies on arrival at the tracer, or `arriving`: what was left in the probe. */
  readonly reply_ttl?: number | 'arriving';
}

interface DestinationFormat extends HostFormat {
  readonly addr: string;
  readonly addr6?: string;
  readonly delay?: number;
}

/** Answers by `qname/TYPE`. */
export type NameTable = Readonly<Record<string, readonly string[]>>;

export interface PathFormat {
  /** The tracer's address. */
  readonly src: string;
  readonly src6?: string;
  /** More addresses on the tracer's interface. */
  readonly extra_src?: readonly string[];
  /** `hops[i]` takes the probes whose TTL is i + 1. */
  readonly hops: readonly HopFormat[];
  readonly dst: DestinationFormat;
  readonly dns?: { readonly addr: string; readonly names: NameTable };
}
