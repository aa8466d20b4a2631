/** The options of BSD traceroute(8). */
import { icmpEcho } from '../../probes/icmp-echo.ts';
import { UsageError } from '../model/errors.ts';
import type { WaitFactors } from '../model/plan.ts';
import { bsdNumber } from './bsd-number.ts';
import { commonOptions, type CommonDraft } from './common.ts';
import { flag, inGroup, valued, type OptionTable } from './option-table.ts';
import { probeByName, type NamedProbe } from './specification/probe-name.ts';

/** What the options collect, in the units of the command line. */
export interface BsdDraft extends CommonDraft {
  readonly protocolNumber: (name: string) => number | undefined;
  readonly servicePort: (name: string) => number | undefined;
  probe: NamedProbe;
  port?: number;
  /** The service that stands for the port, where one was named. */
  service?: string | undefined;
  fixedPort: boolean;
  dontFragment: boolean;
  ecn: boolean;
  tos: number;
  checksums: boolean;
  socketDebug: boolean;
  attempts?: number;
  firstTtl: number;
  maxTtl?: number;
  gateways: string[];
  device?: string;
  source?: string;
  dontRoute: boolean;
  waitSeconds?: number;
  waitFactors?: WaitFactors | undefined;
  pauseMs: number;
  numeric: boolean;
  asNumbers: boolean;
  whoisServer?: string;
  verbosity: number;
  showOctets: boolean;
  showLoss: boolean;
}

/** As many as the IP header's options hold, the destination being one more. RFC 791 section 3.1. */
const MAX_GATEWAYS = 8;
const TTL_RANGE = { least: 1, most: 255 };
const PROTOCOL_RANGE = { least: 1, most: 255 };
const DAY_SECONDS = 24 * 60 * 60;
/** A factor of a wait. */
const FACTOR = /^\d{1,6}(\.\d{1,6})?$/;
/** The factor of later hops where -w gives the other alone, as Linux traceroute has it. */
const DEFAULT_NEAR = 10;
const HOUR_MS = 60 * 60 * 1000;

function setPort(draft: BsdDraft, value: string): void {
  const port = draft.servicePort(value);
  draft.service = port === undefined ? undefined : value;
  draft.port = port ?? withAdvice(value, () => bsdNumber(value, 'port', { least: 1, most: 0xffff }));
}

/** Linux traceroute has its wait in three parts, MAX[,HERE[,NEAR]]: the two factors are those of engine/wait.ts. */
function setWait(draft: BsdDraft, value: string): void {
  const [most = '', ...factors] = value.split(',');
  if (factors.length > 2 || !factors.every((factor) => FACTOR.test(factor))) {
    throw new UsageError(`"${value}" bad value for wait time`);
  }
  draft.waitSeconds = bsdNumber(most, 'wait time', { least: 1, most: DAY_SECONDS, fractions: true });
  const [here, near] = factors.map(Number);
  draft.waitFactors = here === undefined ? undefined : { here, near: near ?? DEFAULT_NEAR };
}

/** Reads a number. For the name of a protocol, where other programs take one, the error says where it goes here. */
function withAdvice(value: string, read: () => number): number {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError) || !probeByName(value.replace(/^\d+$/, ''))) throw error;
    throw new UsageError(`${error.message} (the protocol is -P ${value})`);
  }
}

/** A protocol with its port, as a probe of a matrix has it. */
const WITH_PORT = /^(?<name>[a-z]+)[/:](?<port>\d+)$/i;

function protocolNumber(value: string): number {
  try {
    return bsdNumber(value, 'proto number', PROTOCOL_RANGE);
  } catch (error) {
    const { name, port } = WITH_PORT.exec(value)?.groups ?? {};
    if (!(error instanceof UsageError) || name === undefined || !probeByName(name)) throw error;
    throw new UsageError(`${error.message} (to one port it is -P ${name} -e -p ${port ?? ''})`);
  }
}

const sending = inGroup<BsdDraft>(
  'sending',
  valued('-P', 'proto', 'probe with this protocol, by name or number', (draft, value) => {
    const known = probeByName(value, draft.protocolNumber);
    draft.probe = known ?? probeByName(String(protocolNumber(value))) ?? draft.probe;
  }),
  flag('-I', 'probe with ICMP echo requests, like -P icmp', (draft) => {
    draft.probe = { type: icmpEcho, protocol: 0 };
  }),
  valued('-p', 'port', 'set the base port (33434), or for GRE the protocol (0x880b)', (draft, value) => {
    setPort(draft, value);
  }),
  flag('-e', 'keep the destination port fixed, to get through firewalls', (draft) => {
    draft.fixedPort = true;
  }),
  valued('-q', 'nqueries', 'send this many probes for each TTL (default 3; 1 with -D)', (draft, value) => {
    draft.attempts = bsdNumber(value, 'nprobes', { least: 1 });
  }),
  flag('-F', 'set the "don\'t fragment" bit', (draft) => (draft.dontFragment = true)),
  flag('-E', 'detect ECN bleaching: send ECT(1), and show what is left of it', (draft) => (draft.ecn = true)),
  valued('-t', 'tos', 'set the type-of-service octet, 0 to 255', (draft, value) => {
    draft.tos = bsdNumber(value, 'tos', { least: 0, most: 255 });
  }),
  flag('-x', 'turn transport checksums off', (draft) => (draft.checksums = !draft.checksums)),
  flag('-d', 'debug at the socket level', (draft) => (draft.socketDebug = true)),
);

function setFirstTtl(draft: BsdDraft, value: string): void {
  draft.firstTtl = withAdvice(value, () => bsdNumber(value, 'first ttl', TTL_RANGE));
}

const path = inGroup<BsdDraft>(
  'path',
  valued('-f', 'first_ttl', 'begin with this TTL (default 1)', setFirstTtl),
  valued('-M', 'first_ttl', 'begin with this TTL, like -f', setFirstTtl),
  valued('-m', 'max_ttl', "end after this TTL (default: the system's, mostly 64)", (draft, value) => {
    draft.maxTtl = bsdNumber(value, 'max ttl', TTL_RANGE);
  }),
  valued('-g', 'gateway', 'route loosely over this gateway; up to 8 times', (draft, value) => {
    if (draft.gateways.length >= MAX_GATEWAYS) {
      throw new UsageError(`No more than ${MAX_GATEWAYS} gateways`);
    }
    draft.gateways.push(value);
  }),
  valued('-i', 'iface', 'send by this interface, from its address', (draft, value) => (draft.device = value)),
  valued('-s', 'src_addr', 'send from this address of the machine', (draft, value) => (draft.source = value)),
  flag('-r', 'bypass routing: send straight to a host on an attached network', (draft) => {
    draft.dontRoute = true;
  }),
);

const timing = inGroup<BsdDraft>(
  'timing',
  valued('-w', 'seconds', 'wait this long for each reply (default: up to 5); MAX,HERE,NEAR adapts', setWait),
  valued('-z', 'pausemsecs', 'pause this many milliseconds between probes', (draft, value) => {
    draft.pauseMs = bsdNumber(value, 'pause msecs', { least: 0, most: HOUR_MS, fractions: true });
  }),
);

const names = inGroup<BsdDraft>(
  'names',
  flag('-n', 'show addresses, not names', (draft) => (draft.numeric = true)),
  flag('-a', 'show the AS number of each hop, from DNS', (draft) => (draft.asNumbers = true)),
  valued('-A', 'as_server', 'show AS numbers, from this whois server', (draft, value) => {
    draft.asNumbers = true;
    draft.whoisServer = value;
  }),
);

const output = inGroup<BsdDraft>(
  'output',
  flag('-D', 'show the octets sent and those quoted', (draft) => (draft.showOctets = true)),
  flag('-S', 'show how many probes were lost, for each hop', (draft) => (draft.showLoss = true)),
  flag('-v', 'show other ICMP that arrives', (draft) => draft.verbosity++),
);

/** All options of `traceroute`. */
export const bsdOptions: OptionTable<BsdDraft> = [
  ...sending,
  ...path,
  ...timing,
  ...names,
  ...output,
  ...commonOptions,
];
