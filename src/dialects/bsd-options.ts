/** The options of BSD traceroute(8). */
import { UsageError } from '../model/errors.ts';
import { bsdNumber } from './bsd-number.ts';
import { commonOptions, type CommonDraft } from './common.ts';
import { flag, valued, type OptionTable } from './option-table.ts';
import { probeByName } from './probe-name.ts';

/** What the options collect. */
export interface BsdDraft extends CommonDraft {
  readonly protocolNumber: (name: string) => number | undefined;
  probe: { name: string; protocol: number };
  asNumbers: boolean;
  whoisServer?: string;
  socketDebug: boolean;
  showOctets: boolean;
  fixedPort: boolean;
  ecn: boolean;
  dontFragment: boolean;
  firstTtl: number;
  maxTtl?: number;
  gateways: string[];
  device?: string;
  numeric: boolean;
  port?: number;
  attempts?: number;
  dontRoute: boolean;
  source?: string;
  showLoss: boolean;
  tos: number;
  verbosity: number;
  checksums: boolean;
  waitSeconds?: number;
  pauseMs: number;
}

/** What fits the IP header's options beside the destination. RFC 791 section 3.1. */
const MAX_GATEWAYS = 8;
const TTL_RANGE = { least: 1, most: 255 };
const DAY_SECONDS = 24 * 60 * 60;
const HOUR_MS = 60 * 60 * 1000;

const flags: OptionTable<BsdDraft> = [
  flag('-a', 'show the AS number of each hop, from DNS', (draft) => (draft.asNumbers = true)),
  flag('-d', 'debug at the socket level', (draft) => (draft.socketDebug = true)),
  flag('-D', 'show the octets sent and those quoted', (draft) => (draft.showOctets = true)),
  flag(
    '-e',
    'keep the destination port fixed, to get through firewalls',
    (draft) => (draft.fixedPort = true),
  ),
  flag('-E', 'detect ECN bleaching: send ECT(1) and show what is left of it', (draft) => (draft.ecn = true)),
  flag('-F', 'set the "don\'t fragment" bit', (draft) => (draft.dontFragment = true)),
  flag('-I', 'probe with ICMP echo requests, like -P icmp', (draft) => {
    draft.probe = { name: 'icmp', protocol: 0 };
  }),
  flag('-n', 'show addresses, not names', (draft) => (draft.numeric = true)),
  flag('-r', 'bypass routing, send straight to a host on an attached network', (draft) => {
    draft.dontRoute = true;
  }),
  flag('-S', 'show how many probes were lost, for each hop', (draft) => (draft.showLoss = true)),
  flag('-v', 'show other ICMP that arrives', (draft) => draft.verbosity++),
  flag('-x', 'turn transport checksums off', (draft) => (draft.checksums = !draft.checksums)),
];

const values: OptionTable<BsdDraft> = [
  valued('-A', 'as_server', 'show AS numbers, from this whois server', (draft, value) => {
    draft.asNumbers = true;
    draft.whoisServer = value;
  }),
  valued('-f', 'first_ttl', 'the TTL to begin with (default 1)', (draft, value) => {
    draft.firstTtl = bsdNumber(value, 'first ttl', TTL_RANGE);
  }),
  valued('-g', 'gateway', 'loose source route over this gateway; up to 8', (draft, value) => {
    if (draft.gateways.length >= MAX_GATEWAYS) {
      throw new UsageError(`No more than ${MAX_GATEWAYS} gateways`);
    }
    draft.gateways.push(value);
  }),
  valued('-i', 'iface', 'send from the address of this interface', (draft, value) => (draft.device = value)),
  valued('-m', 'max_ttl', "the largest TTL (default: the system's, mostly 64)", (draft, value) => {
    draft.maxTtl = bsdNumber(value, 'max ttl', TTL_RANGE);
  }),
  valued('-M', 'first_ttl', 'the TTL to begin with, like -f', (draft, value) => {
    draft.firstTtl = bsdNumber(value, 'first ttl', TTL_RANGE);
  }),
  valued('-p', 'port', 'the base port (33434), or for GRE the protocol (0x880b)', (draft, value) => {
    draft.port = bsdNumber(value, 'port', { least: 1, most: 0xffff });
  }),
  valued('-P', 'proto', 'probe with this protocol, by name or number', (draft, value) => {
    const known = probeByName(value, draft.protocolNumber);
    draft.probe = known ?? probeByName(String(bsdNumber(value, 'proto number', TTL_RANGE))) ?? draft.probe;
  }),
  valued('-q', 'nqueries', 'how many probes for each TTL (default 3; 1 with -D)', (draft, value) => {
    draft.attempts = bsdNumber(value, 'nprobes', { least: 1 });
  }),
  valued('-s', 'src_addr', 'send from this address of the machine', (draft, value) => (draft.source = value)),
  valued('-t', 'tos', 'the type-of-service octet, 0 to 255', (draft, value) => {
    draft.tos = bsdNumber(value, 'tos', { least: 0, most: 255 });
  }),
  valued('-w', 'waittime', 'wait this many seconds for each reply (default: up to 5)', (draft, value) => {
    draft.waitSeconds = bsdNumber(value, 'wait time', { least: 1, most: DAY_SECONDS });
  }),
  valued('-z', 'pausemsecs', 'wait this many milliseconds between probes', (draft, value) => {
    draft.pauseMs = bsdNumber(value, 'pause msecs', { least: 0, most: HOUR_MS });
  }),
];

export const bsdOptions: OptionTable<BsdDraft> = [...flags, ...values, ...commonOptions];
