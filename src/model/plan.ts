/** The plan of a run: all that the user asked for, whichever command read it. */
import type { Family } from './address.ts';
import type { Nat64Prefix } from './nat64.ts';
import type { RuleLanguage } from './rule-language.ts';
import type { StopRule } from './stop-rule.ts';

/** A probe as the user named it. */
export interface ProbeRequest {
  /** Key in the registry of probes. */
  readonly name: string;
  /** IP protocol, 1 to 255, where the probe type leaves it open; else 0. */
  readonly protocol: number;
  /** Base port, or GRE protocol type; when absent, the probe type's default. */
  readonly port?: number;
  /** All probes go to that very port. */
  readonly fixedPort: boolean;
  /** TCP: each probe has a source port of its own. */
  readonly portPerProbe: boolean;
  /** TCP control bits. RFC 9293 section 3.1. */
  readonly tcpFlags: number;
}

/** How much longer than the pace of the path a probe is waited for; 0 makes each wait exact. */
export interface WaitFactors {
  /** Multiplies the largest RTT of the same hop. */
  readonly here: number;
  /** Multiplies the RTT of a later hop. */
  readonly near: number;
}

/** What the columns of one range of ports have in common: `tcp/20-34:ack` is one object with `tcp/` and `:ack`. */
interface PortRange {
  readonly before: string;
  readonly after: string;
}

/** One of several flows of a probe. */
interface FlowNumber {
  /** The probe's specification, which all its flows have in common. */
  readonly of: string;
  /** From 1 to `count`. */
  readonly number: number;
  readonly count: number;
}

/** One column of a matrix. */
export interface MatrixProbe {
  /** The specification, as the user knows it: `tcp/443:ack`. One of several flows has its number behind: `tcp/443#2`. */
  readonly name: string;
  readonly probe: ProbeRequest;
  /** The range that it was written in, where it was. */
  readonly range?: PortRange;
  /** Present where the probe is sent in several flows. */
  readonly flow?: FlowNumber;
}

/** The probes that a matrix compares. */
export interface MatrixRequest {
  /** One for each column, at most 256. */
  readonly probes: readonly MatrixProbe[];
  /** A paragraph follows each verdict. */
  readonly explain: boolean;
  /** The languages whose rules follow a verdict that a filter may be to blame for. */
  readonly rules: readonly RuleLanguage[];
}

/** Whose names are looked up. `public` leaves out the private addresses of RFC 1918. */
export type NamePolicy = 'all' | 'public' | 'none';

/** What becomes of a reply that quotes another destination, because a router has translated it. */
export type TranslationHandling = 'accept' | 'report' | 'ignore';

/**
 * The part of the plan that the long options of both commands set. Each member has its default and its options in
 * dialects/common-settings.ts, and reaches the plan from there by itself.
 */
export interface CommonPlan {
  /** Most probes in flight, 1 to 1024. Given by the user, so a late probe makes no room for another. */
  readonly parallel?: number;
  /** So many silent hops in a row end a trace, 1 to 255; absent: no number does. */
  readonly gap?: number;
  /** IPv6 flow label, 0 to 2^20 - 1. RFC 6437. */
  readonly flowLabel?: number;
  /** The firewall mark of the probes, 1 to 2^32 - 1: Linux routes and filters by it. */
  readonly mark?: number;
  /** IPv6 addresses behind these prefixes hold IPv4 ones. */
  readonly nat64: readonly Nat64Prefix[];
  readonly translation: TranslationHandling;
  /** The way to the wire; `auto` is the best one that can be had. */
  readonly transport: 'auto' | 'kernel' | 'raw-socket' | 'plain';
  /** What routers add to their errors is shown: label stacks, interfaces. RFC 4884. */
  readonly extensions: boolean;
  /** One JSON document in place of the text. */
  readonly json: boolean;
}

/** All that one run needs to know. Its host, source and gateways are names or addresses, not looked up yet. */
export interface Plan extends CommonPlan {
  readonly host: string;
  /** In the order of preference. */
  readonly families: readonly Family[];
  readonly probe: ProbeRequest;
  /** Takes the place of `probe`. */
  readonly matrix?: MatrixRequest;
  readonly firstTtl: number;
  readonly maxTtl: number;
  /** Probes for each TTL. */
  readonly attempts: number;
  /** The exact wait for each reply; absent where the user gave none. */
  readonly waitSeconds?: number;
  /** The longest wait where the user gave none. */
  readonly defaultWaitSeconds: number;
  /** The factors of the user, where the wait is not exact; absent: the program's own. */
  readonly waitFactors?: WaitFactors;
  /** The least time between two sends. */
  readonly pauseMs: number;
  readonly stopRule: StopRule;
  /** Octets of the whole datagram; when absent, what the headers need, and at least 40. */
  readonly length?: number;
  /** What fills probes up: zeros, or the printable characters of ASCII over and over. */
  readonly filling: 'zeros' | 'printable';
  /** TOS octet, ECN included. */
  readonly tos: number;
  readonly dontFragment: boolean;
  /** Stations of a loose source route. RFC 791 section 3.1. */
  readonly gateways: readonly string[];
  /** Probes carry transport checksums. */
  readonly checksums: boolean;
  /** Probes bypass the routing tables. */
  readonly dontRoute: boolean;
  /** The socket has SO_DEBUG. */
  readonly socketDebug: boolean;
  /** Where probes are sent from. */
  readonly source?: string;
  /** Name of the interface that probes are sent from. */
  readonly device?: string;
  /** The local port to send from. `forced`: even if another program has it. */
  readonly sourcePort?: { readonly port: number; readonly forced: boolean };
  readonly names: NamePolicy;
  readonly asNumbers: boolean;
  /** The whois server to ask for AS numbers, in place of DNS. */
  readonly whoisServer?: string;
  readonly display: Display;
}

/** What the text shows besides addresses and times. */
export interface Display {
  /** 1: other ICMP that arrives; 2: also the octets of each probe. */
  readonly verbosity: number;
  /** Each step, and why a packet is ignored. */
  readonly debug: boolean;
  /** The octets sent and those quoted. */
  readonly octets: boolean;
  /** The share of probes lost, for each hop. */
  readonly loss: boolean;
  /** What became of the ECN field. */
  readonly ecn: boolean;
}
