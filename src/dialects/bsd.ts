/** Arguments and messages of BSD traceroute(8). */
import { udp } from '../../probes/udp.ts';
import type { Family } from '../model/address.ts';
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
import { MATRIX_MAX_TTL, matrixRequest } from './specification/matrix-spec.ts';
import { probeRequest } from './specification/probe-request.ts';

const DEFAULT_ATTEMPTS = 3;
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
  return { kind: 'trace', plan: { ...planOf(draft, operands, context), maxTtl, ...given({ matrix }) } };
}

function note(argument: Exclude<Argument<BsdDraft>, { kind: 'operand' }>, draft: BsdDraft): void {
  if (argument.kind === 'option') argument.row.apply(draft, argument.value, argument.name);
  else if (argument.name.startsWith('--')) throw badLongOption(argument);
  else throw new UsageError('', { showUsage: true });
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
  { program }: DialectContext,
): Omit<Plan, 'maxTtl'> {
  const [host, length] = operands;
  if (host === undefined || operands.length > 2) throw new UsageError('', { showUsage: true });
  const families = familiesFor(host, draft.family ?? familyOfProgram(program), draft.source);
  const { waitSeconds, device, source, whoisServer, port } = draft;
  return {
    ...draft.settings,
    host,
    families,
    probe: probeRequest(draft.probe, { ...given({ port }), fixedPort: draft.fixedPort }),
    ...(length === undefined ? {} : { length: packetLength(length, draft, families) }),
    firstTtl: draft.firstTtl,
    attempts: draft.attempts ?? (draft.showOctets ? 1 : DEFAULT_ATTEMPTS),
    ...given({ waitSeconds, device, source, whoisServer }),
    defaultWaitSeconds: DEFAULT_WAIT_SECONDS,
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

/** The length of the whole datagram. Where the family is still open, the smaller headers of IPv4 are the limit. */
function packetLength(text: string, { probe, gateways }: BsdDraft, families: readonly Family[]): number {
  const { minimumLength, lengthUnit } = probe.type;
  const options = gateways.length === 0 ? 0 : (gateways.length + 1) * ADDRESS_LENGTH;
  const header = families.includes(4) ? IPV4_HEADER_LENGTH : IPV6_HEADER_LENGTH;
  const length = bsdNumber(text, 'packet length', {
    least: header + minimumLength + options,
    most: MAX_LENGTH,
  });
  if (length % lengthUnit !== 0) throw new UsageError(`packet length must be a multiple of ${lengthUnit}`);
  return length;
}
