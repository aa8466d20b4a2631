/** Arguments and messages of BSD traceroute(8). */
import { udp } from '../../probes/udp.ts';
import type { Family } from '../model/address.ts';
import { sanitiseName } from '../model/name.ts';
import type { Plan } from '../model/plan.ts';
import { UsageError } from '../model/errors.ts';
import { bsdNumber } from './bsd-number.ts';
import { bsdOptions, type BsdDraft } from './bsd-options.ts';
import { ECN, ECN_MASK, MAX_SEQUENCE } from '../wire/codes.ts';
import type { DialectContext, Request } from './dialect.ts';
import { emptyCommonDraft } from './common.ts';
import { familiesFor, familyOfProgram } from './families.ts';
import { given } from '../model/given.ts';
import { readArguments, type Argument } from './getopt.ts';
import { badLongOption } from './long-option.ts';
import { bsdIdle, refuseIdle } from './matrix-idle.ts';
import { operandsText, readAs, readHost } from './operands.ts';
import { defaultAttempts, MATRIX_MAX_TTL, matrixRequest } from './specification/matrix-spec.ts';
import { probeRequest } from './specification/probe-request.ts';

const DEFAULT_WAIT_SECONDS = 5;
const IPV4_HEADER_LENGTH = 20;
const IPV6_HEADER_LENGTH = 40;
const ADDRESS_LENGTH = 4;
/** The size of the original's buffer, in octets. */
const MAX_LENGTH = 32 * 1024;

/** The usage text, to the letter of the original. */
export const bsdUsage = (program: string, version: string): string => `Version ${version}
Usage: ${program} [-46adDeEFInrSvx] [-f first_ttl] [-g gateway] [-i iface]
\t[-m max_ttl] [-p port] [-P proto] [-q nqueries] [-s src_addr]
\t[-t tos] [-w waittime] [-A as_server] [-z pausemsecs] host [packetlen]
`;

function emptyDraft(context: DialectContext): BsdDraft {
  return {
    ...emptyCommonDraft(),
    protocolNumber: (name) => context.protocolNumber(name),
    servicePort: (name) => context.servicePort(name),
    probe: { type: udp, protocol: 0 },
    asNumbers: false,
    socketDebug: false,
    showOctets: false,
    fixedPort: false,
    ecn: false,
    dontFragment: false,
    firstTtl: 1,
    gateways: [],
    numeric: false,
    dontRoute: false,
    showLoss: false,
    tos: 0,
    verbosity: 0,
    checksums: true,
    pauseMs: 0,
  };
}

/**
 * Reads the arguments of `traceroute`.
 * @throws UsageError in the original's words
 */
export function parseBsd(argv: readonly string[], context: DialectContext): Request {
  const draft = emptyDraft(context);
  const operands: string[] = [];
  for (const argument of readArguments(argv, bsdOptions)) {
    if (argument.kind === 'operand') operands.push(argument.text);
    else note(argument, draft);
  }
  if (draft.ask) return { kind: draft.ask };
  const maxTtl = draft.maxTtl ?? (draft.matrix === undefined ? context.defaultTtl : MATRIX_MAX_TTL);
  checkTtls(draft, maxTtl);
  if (!draft.checksums) context.warn('Warning: ip checksums disabled');
  const matrix = matrixRequest(draft, context);
  if (matrix) refuseIdle(draft.given, bsdIdle());
  const plan = planOf(draft, operands, context, matrix?.probes.length);
  return { kind: 'trace', plan: { ...plan, maxTtl, ...given({ matrix }) } };
}

function note(argument: Exclude<Argument<BsdDraft>, { kind: 'operand' }>, draft: BsdDraft): void {
  if (argument.kind === 'option') {
    argument.row.apply(draft, argument.value, argument.name);
    draft.given.push(argument);
  } else if (argument.name.startsWith('--')) throw badLongOption(argument);
  else throw badLetter(argument);
}

/** The original answers with its usage text; what is wrong follows it. */
function badLetter({ kind, name }: Exclude<Argument<BsdDraft>, { kind: 'operand' | 'option' }>): UsageError {
  return kind === 'unknown'
    ? new UsageError('', { showUsage: true, unknownOption: name })
    : new UsageError('', { showUsage: true, afterUsage: `${name}: a value is required` });
}

function checkTtls({ firstTtl, attempts = 1 }: BsdDraft, maxTtl: number): void {
  if (firstTtl > maxTtl) {
    throw new UsageError(`first ttl (${firstTtl}) may not be greater than max ttl (${maxTtl})`);
  }
  const hops = maxTtl - firstTtl + 1;
  const most = Math.floor(MAX_SEQUENCE / hops);
  if (attempts > most) throw new UsageError(`nprobes must be <= ${most} for ${hops} hops`);
}

function planOf(
  draft: BsdDraft,
  operands: readonly string[],
  context: DialectContext,
  columns: number | undefined,
): Omit<Plan, 'maxTtl'> {
  const [typed, length] = operands;
  if (typed === undefined || operands.length > 2) throw wrongOperands(operands, draft);
  const host = hostOf(typed, context);
  const families = familiesFor(host, draft.family ?? familyOfProgram(context.program), draft.source);
  const { device, source, whoisServer, port } = draft;
  checkService(draft);
  return {
    ...draft.settings,
    host,
    families,
    probe: probeRequest(draft.probe, { ...given({ port }), fixedPort: draft.fixedPort }),
    ...(length === undefined ? {} : { length: packetLength(length, draft, families) }),
    firstTtl: draft.firstTtl,
    attempts: draft.attempts ?? (draft.showOctets ? 1 : defaultAttempts(columns)),
    ...given({ device, source, whoisServer }),
    ...waitOf(draft),
    pauseMs: draft.pauseMs,
    stopRule: 'bsd',
    filling: 'zeros',
    tos: draft.ecn ? (draft.tos & ~ECN_MASK) | ECN.ect1 : draft.tos,
    dontFragment: draft.dontFragment,
    gateways: draft.gateways,
    checksums: draft.checksums,
    dontRoute: draft.dontRoute,
    socketDebug: draft.socketDebug,
    names: draft.numeric ? 'none' : 'all',
    asNumbers: draft.asNumbers,
    display: {
      verbosity: draft.verbosity,
      debug: false,
      octets: draft.showOctets,
      loss: draft.showLoss,
      ecn: draft.ecn,
    },
  };
}

/** An exact wait, or the longest one and its factors. */
function waitOf({
  waitSeconds,
  waitFactors,
}: BsdDraft): Pick<Plan, 'waitSeconds' | 'defaultWaitSeconds' | 'waitFactors'> {
  if (waitSeconds === undefined) return { defaultWaitSeconds: DEFAULT_WAIT_SECONDS };
  return waitFactors
    ? { defaultWaitSeconds: waitSeconds, waitFactors }
    : { defaultWaitSeconds: DEFAULT_WAIT_SECONDS, waitSeconds };
}

/** A service stands for a port alone, and not for what -p means to probes without ports. */
function checkService({ service, probe }: BsdDraft): void {
  if (service === undefined || probe.type.traits.hasPorts) return;
  throw new UsageError(`"${service}" bad value for port (${probe.type.name} has no ports)`);
}

/** The host that an operand names, with a note where more was written. */
function hostOf(typed: string, context: DialectContext): string {
  const { host, port, hadMore } = readHost(typed, context);
  if (!hadMore) return host;
  const advice = port === undefined ? '' : ` (TCP to its port is -P tcp -e -p ${port})`;
  context.warn(readAs(typed, host) + advice);
  return host;
}

function wrongOperands(operands: readonly string[], { whoisServer }: BsdDraft): UsageError {
  const taken = whoisServer !== undefined && operands.length === 0;
  const server = taken ? `; -A took ${sanitiseName(whoisServer)} as its whois server, -a needs none` : '';
  return new UsageError('', { showUsage: true, afterUsage: operandsText(operands, 2) + server });
}

/** A name with a domain, or an address. */
const LIKE_A_HOST = /^(?!\d+\.\d+$)[^\s.:]+[.:]\S*[a-z\d]$/i;

/** The length of the whole datagram. Where the family is still open, the smaller headers of IPv4 are the limit. */
function packetLength(text: string, { probe, gateways }: BsdDraft, families: readonly Family[]): number {
  const { minimumLength } = probe.type;
  const options = gateways.length === 0 ? 0 : (gateways.length + 1) * ADDRESS_LENGTH;
  const header = families.includes(4) ? IPV4_HEADER_LENGTH : IPV6_HEADER_LENGTH;
  const least = header + minimumLength + options;
  try {
    return bsdNumber(text, 'packet length', { least, most: MAX_LENGTH });
  } catch (error) {
    if (!(error instanceof UsageError) || !LIKE_A_HOST.test(text)) throw error;
    throw new UsageError(`${error.message} (one host at a time)`);
  }
}
