/** What the user asked for, whichever command it was asked of. */
import type { Family } from './address.ts';
import type { Nat64Prefix } from './nat64.ts';
import type { StopRule } from './stop-rule.ts';

/** A probe as the user named it. */
export interface ProbeRequest {
  /** Its key in the registry. */
  readonly name: string;
  /** The IP protocol, 1 to 255, where the probe type leaves it open; else 0. */
  readonly protocol: number;
  /** Base port, or GRE protocol type; the probe type's own when absent. */
  readonly port?: number;
  /** All probes go to that port itself. */
  readonly fixedPort: boolean;
  /** TCP: the source port tells probes apart. */
  readonly portPerProbe: boolean;
  /** TCP control bits. RFC 9293 section 3.1. */
  readonly tcpFlags: number;
}

/** One column of a matrix: a probe, and its specification as the user knows it. */
export interface MatrixProbe {
  readonly name: string;
  readonly probe: ProbeRequest;
}

/** Probes to compare, and whether verdicts come with a paragraph each. */
export interface MatrixRequest {
  readonly probes: readonly MatrixProbe[];
  readonly explain: boolean;
}

/** Whose names are looked up: `public` leaves out what RFC 1918 keeps private. */
export type NamePolicy = 'all' | 'public' | 'none';

/** What is done with a quote whose destination a router has translated. */
export type TranslationHandling = 'accept' | 'report' | 'ignore';

export interface Plan {
  readonly host: string;
  /** In the order to prefer. */
  readonly families: readonly Family[];
  readonly probe: ProbeRequest;
  /** In place of `probe`. */
  readonly matrix?: MatrixRequest;
  readonly firstTtl: number;
  readonly maxTtl: number;
  readonly attempts: number;
  /** Seconds of waiting the user gave: they are exact. */
  readonly waitSeconds?: number;
  /** The most that is waited when the user gave nothing. */
  readonly defaultWaitSeconds: number;
  /** Given by the user: then a late probe makes no room for another. */
  readonly parallel?: number;
  readonly pauseMs: number;
  readonly stopRule: StopRule;
  /** Octets of the whole datagram; when absent, as many as the headers need, and at least 40. */
  readonly length?: number;
  /** What fills probes up: zeros, or the printable characters of ASCII over and over. */
  readonly filling: 'zeros' | 'printable';
  /** TOS octet, ECN included. */
  readonly tos: number;
  readonly dontFragment: boolean;
  /** IPv6, given by the user: 0 to 2^20 - 1. RFC 6437. */
  readonly flowLabel?: number;
  /** Names or addresses of a loose source route. */
  readonly gateways: readonly string[];
  readonly checksums: boolean;
  /** Which way to the wire; `auto` is the best that can be had. */
  readonly transport: 'auto' | 'kernel' | 'raw-socket';
  readonly dontRoute: boolean;
  readonly socketDebug: boolean;
  /** Name or address to send from. */
  readonly source?: string;
  /** Name of the interface to send from. */
  readonly device?: string;
  /** The local port wanted; taken though another program has it when `forced`. */
  readonly sourcePort?: { readonly port: number; readonly forced: boolean };
  readonly names: NamePolicy;
  /** Behind which IPv6 addresses hold IPv4 ones. */
  readonly nat64: readonly Nat64Prefix[];
  readonly asNumbers: boolean;
  /** The whois server to ask for AS numbers, in place of DNS. */
  readonly whoisServer?: string;
  readonly translation: TranslationHandling;
  readonly display: Display;
}

/** What is shown beside addresses and times. */
export interface Display {
  /** 1: what arrives besides; 2: the octets sent too. */
  readonly verbosity: number;
  /** What is done, and why each packet is ignored. */
  readonly debug: boolean;
  /** One JSON document in place of the text. */
  readonly json: boolean;
  /** Octets sent and quoted. */
  readonly octets: boolean;
  /** Share of probes lost, for each hop. */
  readonly loss: boolean;
  /** What became of the ECN field. */
  readonly ecn: boolean;
}
