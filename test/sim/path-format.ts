/**
 * A simulated path, in the format of the recorded cases. test/sim plays it in memory, test/lab over packets.
 *
 * Times are milliseconds, lengths are octets, addresses are literals. Keys whose name is not said to be of IPv4 or IPv6
 * alone hold for both families.
 */

/**
 * Names a kind of probe: `udp`, `tcp`, `icmp` (ICMPv6 too), `udplite`, `gre`, `sctp`; with a destination port, as
 * `tcp:80`; `proto:50`, an IP protocol by number; `syn`, a TCP SYN without ACK; `ack`, a TCP ACK without SYN. filter.ts
 * reads it. `any` is everything.
 */
export type Matcher = string;

/** One answer of a sequence that goes round. */
export type Turn =
  /** What the hop or target answers by itself: time exceeded, or the target's own answer. */
  | 'te'
  /** Nothing. */
  | 'silent'
  /** Destination unreachable of the probe's family, with this code. */
  | number
  /** The ICMP or ICMPv6 message of this type and code, with the probe quoted. */
  | readonly [type: number, code: number];

/**
 * An ICMP message that comes 1 ms before an answer, of the probe's family: its type, its code, and in hex what follows
 * its checksum. `quote` stands for four zero octets and the probe.
 */
export type Companion = readonly [type: number, code: number, body: string];

/** A token bucket: `perSecond` tokens come back each second, and it holds `burst` at most. */
export type Bucket = readonly [perSecond: number, burst: number];

/** What tells the system that makes a datagram: fields in which hosts differ, and forgers from hosts. */
export interface StackFormat {
  /** IP identification: 0 (the default), a number counted up, or drawn. */
  readonly ip_id?: 'zero' | 'counter' | 'random';
  /** Whether IPv4's Don't Fragment is set; it is not by default. */
  readonly df?: boolean;
  /** Window of a SYN-ACK; 65535 by default. */
  readonly window?: number;
  /** Maximum segment size, the only option of a SYN-ACK; it has none by default. */
  readonly mss?: number;
}

/** What both routers and targets may do to their answers. */
interface AnswerFormat {
  /** Answers to the 1st, 2nd, ... probe that ends here, over and over. A target counts each TTL by itself. */
  readonly turns?: readonly Turn[];
  /** Come a little before each answer. */
  readonly also?: readonly Companion[];
  /** Limits the ICMP errors that this node sends. */
  readonly bucket?: Bucket;
  /** The system that makes the target's own answers, or what a router forges. */
  readonly stack?: StackFormat;
}

/** A router. It takes the probes whose TTL ends at it, and what it does to others happens as they pass on. */
export interface HopFormat extends AnswerFormat {
  /** Who answers. With several addresses, `ecmp` picks. */
  readonly addr: string | readonly string[];
  readonly addr6?: string | readonly string[];
  /** `flow` (the default) picks by a hash of the flow, `packet` at random, `roundrobin` in turn. */
  readonly ecmp?: 'flow' | 'packet' | 'roundrobin';
  /** Round trip to this hop. */
  readonly delay?: number;
  /** Is added to the delay: 0 up to this much, at random. */
  readonly jitter?: number;
  /** Share of this hop's answers that get lost, 0 to 1. */
  readonly loss?: number;
  /** Never answers, and forwards. */
  readonly silent?: boolean;
  /** Passes on, too, what it has said time exceeded to. */
  readonly leaky?: boolean;
  /** Answers destination unreachable of the probe's family, with this code, in place of time exceeded. */
  readonly code?: number;
  /** ICMPv6 type and code in place of `code`, for probes of IPv6. RFC 4443 section 3. */
  readonly error6?: readonly [type: number, code: number];
  /** Next-hop MTU that comes with `code` 4. RFC 1191 section 4. */
  readonly pmtu?: number;
  /** Answers time exceeded to these kinds alone. */
  readonly te_only?: readonly Matcher[];
  /** Quotes so many octets of the probe, its IP header included; fewer if the probe is shorter. */
  readonly quote?: number;
  /** TTL in quotes; that of the probe by default. Inside a tunnel that copies the TTL it is what is left at its end. */
  readonly quote_ttl?: number;
  /** Quotes what is not the probe: octets without meaning, or the probe with other ports. */
  readonly bad?: 'garbage' | 'wrongquote';
  /** Sends so many more copies of each answer. */
  readonly dup?: number;
  /** TTL of its ICMP errors on arrival at the tracer, 1 to 255; by default what is left of 255. */
  readonly reply_ttl?: number;
  /**
   * TTL on arrival of the segments that it forges in the target's name; `target`: as the target's own have it; `mirror`:
   * what is left of the probe's own, which has to last for the way back.
   */
  readonly rst_ttl?: number | 'target' | 'mirror';
  /** Label stack in an RFC 4884 extension, top first. */
  readonly mpls?: readonly (readonly [label: number, exp: number, bottom: number, ttl: number])[];
  /** Length octet of RFC 4884 in place of the right one. The extension structure stays at octet 128. */
  readonly mplslen?: number;
  /** RFC 4884 objects after the labels: class, type, and in hex what follows. RFC 5837 section 4 has interfaces. */
  readonly objects?: readonly (readonly [number: number, type: number, hex: string])[];
  /** The extension structure carries no checksum. RFC 4884 section 7 */
  readonly unsummed?: boolean;
  /** Fills the quote up to this length with zeros. */
  readonly quote_pad?: number;
  /** The source in quotes: a translator on the way does not restore it. Checksums follow. */
  readonly quote_src?: string;
  /** Is added to the TCP sequence number in quotes: a box behind which numbers are rewritten does not restore it. */
  readonly quote_seqadd?: number;

  /** What is longer and may not be fragmented does not pass. The answer says so, with this MTU. */
  readonly mtu?: number;
  /** Says nothing of what is too long for `mtu`: a black hole. */
  readonly mtu_silent?: boolean;
  /** Rewrites the ECN field of what passes and is quoted: `bleach` clears it, `mark` sets CE. */
  readonly ecn?: 'bleach' | 'mark';
  /** Rewrites the TOS octet or traffic class likewise. */
  readonly tos?: number;
  /** `ip`, `ip:port` or `[ip6]:port`: where the probe goes from here on, as quotes show. */
  readonly dnat?: string;
  /** What silently does not pass. */
  readonly drop?: Matcher | readonly Matcher[];
  /** What does not pass, and the unreachable code, or `rst`, that comes back. The first matcher that fits decides. */
  readonly reject?: Readonly<Record<Matcher, number | 'rst'>>;
  /** Limits the errors of `reject` alone, besides `bucket`. */
  readonly reject_bucket?: Bucket;
  /** Is added to the delay of what `reject` sends: a router looks for a host for 3000 ms before it gives up. */
  readonly reject_delay?: number;
  /** The errors of `reject` come in the target's name. */
  readonly reject_forged?: boolean;
  /** Is answered in the target's name: SYN with SYN-ACK, ACK with RST. It does not pass. */
  readonly synack?: readonly Matcher[];
  /** `reject` and `synack` mean no more than this rate: what comes beyond it passes. */
  readonly forges_below?: Bucket;
  /** `reject` and `synack` mean what comes beyond this rate: the rest passes. */
  readonly forges_above?: Bucket;
  /** Is answered in the target's name as by `synack`, or with a RST, so many times, and passes on all the same. */
  readonly inject?: {
    readonly kinds: readonly Matcher[];
    readonly says: 'rst' | 'synack';
    readonly copies?: number;
  };
  /** Sets the TTL of what passes on, of these kinds: tunnels and carriers' gateways do, so that the rest of the path is hidden. */
  readonly ttl_set?: { readonly kinds: readonly Matcher[]; readonly ttl: number };
  /** Share of what would pass on that gets lost, 0 to 1. */
  readonly lose?: number;
  /** Drops what would pass on beyond the rate, of these kinds. */
  readonly policer?: { readonly kinds: readonly Matcher[]; readonly rate: number; readonly burst: number };
  /**
   * Of one TCP four-tuple, lets only SYNs with the sequence number of the first one pass. A RST of the tracer's that
   * passes ends this.
   */
  readonly isn_lock?: boolean;
}

/**
 * What a port does. `closed` answers with a RST, an ABORT or port unreachable, `filtered` not at all. `open` answers as
 * TCP and SCTP do; over UDP and UDP-Lite it takes the datagram in silence. `echo` sends a datagram's payload back.
 * `flags:N` answers with a TCP segment of the control bits N, decimal or `0x` hex.
 */
export type PortState = 'open' | 'closed' | 'filtered' | 'echo' | `flags:${string}`;

/** Port states by port number. */
type Ports = Readonly<Record<string, PortState>>;

/** How a host answers the probes that reach it. */
export interface HostFormat extends AnswerFormat {
  readonly tcp?: Ports;
  /** Of the ports that `tcp` does not name; `closed` by default. */
  readonly tcp_default?: PortState;
  readonly udp?: Ports;
  /** Of the ports that `udp` does not name; `closed` by default. */
  readonly udp_default?: PortState;
  /** Ports that are not named are of a host without SCTP, which answers as to an unknown protocol. */
  readonly sctp?: Ports;
  /** Ports that neither names are of a host without UDP-Lite. */
  readonly udplite?: Ports;
  readonly udplite_default?: PortState;
  /** Whether it answers echo requests; it does unless false. */
  readonly icmp?: boolean;
  /** Accepts ECN. RFC 3168 section 6.1.1. */
  readonly ecn?: boolean;
  /** What it answers to an unknown protocol: `unreach` (the default), protocol unreachable; or nothing. */
  readonly proto_default?: 'unreach' | 'silent';
  /** TTL of its replies on arrival at the tracer, 1 to 255, or `arriving`: what was left in the probe. */
  readonly reply_ttl?: number | 'arriving';
  /** The address that it answers from, whatever was probed. */
  readonly from?: string;
  readonly from6?: string;
  /** Only its ICMP messages come from there. */
  readonly from_icmp?: boolean;
  /** A closed port answers a SYN with a RST that has neither ACK nor a sequence number. */
  readonly bare_rst?: boolean;
  /** Answers a SYN with the ACK of an old connection: RFC 5961 section 4. */
  readonly ack_only?: boolean;
}

/** The host behind the last hop. */
export interface DestinationFormat extends HostFormat {
  readonly addr: string;
  readonly addr6?: string;
  /** Round trip to it. */
  readonly delay?: number;
  /** Answers for every address, those of the hops too. */
  readonly any?: boolean;
}

/**
 * Answers by `qname/TYPE`: records, `timeout` for no answer, `servfail` for the response code 2. A CNAME is followed. A
 * name without a record of the type has an empty answer, any other name does not exist. The name `@hostname` is that of
 * the machine.
 */
export type NameTable = Readonly<Record<string, readonly string[] | 'timeout' | 'servfail'>>;

/** The name server, the only one in /etc/resolv.conf, which has `options timeout:1 attempts:1`. */
export interface NameServerFormat {
  /** IPv4. */
  readonly addr: string;
  readonly names: NameTable;
  /** Never answers. */
  readonly dead?: boolean;
  /** From query to response; 0 by default. */
  readonly delay?: number;
}

/** A server of the Internet Routing Registry, port 43, on the tracer's own machine. */
export interface WhoisFormat {
  readonly addr: string;
  /**
   * By address: the origins of its routes, each an object as `route: ADDRESS/32`, `descr: a network`, `origin: AS...`; or
   * a reply as it is sent. Other addresses get `D`, key not found.
   */
  readonly routes?: Readonly<Record<string, readonly string[] | string>>;
}

/** Another way that some probes take: by policy, by balancing, or by a translation of addresses. */
export interface WayFormat {
  /** How many of the path's hops come before it parts. */
  readonly after: number;
  /** What takes it; everything by default. */
  readonly kinds?: readonly Matcher[];
  /** Of `of` flows, those whose hash has this remainder. */
  readonly flow?: { readonly index: number; readonly of: number };
  /** Share of the packets that take it, of whatever flow, at random, 0 to 1. */
  readonly share?: number;
  /** The hops of this way, from where it parts. */
  readonly hops: readonly HopFormat[];
  /** The host behind them; the path's by default. */
  readonly dst?: DestinationFormat;
}

/** The tracer's machine, the routers and the target. */
export interface PathFormat {
  /** The tracer's address, on its interface `tun0`. */
  readonly src: string;
  readonly src6?: string;
  /** More addresses on that interface. */
  readonly extra_src?: readonly string[];
  /** MTU of that interface; 1500 by default. */
  readonly mtu?: number;
  /** The default route goes over this IPv4 address. Without it every host is on the attached network. */
  readonly gateway?: string;
  /** Commands for nft on the tracer's machine. */
  readonly nft?: readonly string[];
  /** Local TCP ports in use. */
  readonly busy?: readonly number[];
  /** The text of /etc/hosts; that of a machine which knows only `localhost` by default. */
  readonly hosts?: string;
  readonly dns?: NameServerFormat;
  readonly whois?: WhoisFormat;
  /** `hops[i]` takes the probes whose TTL is i + 1. */
  readonly hops: readonly HopFormat[];
  readonly dst: DestinationFormat;
  /** Ways of their own. The first one that fits a probe decides. */
  readonly ways?: readonly WayFormat[];
}
