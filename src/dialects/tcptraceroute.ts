/** Arguments and messages of tcptraceroute(1). */
import { tcp } from '../../probes/tcp.ts';
import { UsageError } from '../model/errors.ts';
import type { Family } from '../model/address.ts';
import type { MatrixRequest, Plan } from '../model/plan.ts';
import { emptyCommonDraft } from './common.ts';
import { MAX_SEQUENCE, TCP_ECN_SETUP } from '../wire/codes.ts';
import type { DialectContext, Request } from './dialect.ts';
import { familiesFor, familyOfProgram } from './families.ts';
import { readArguments, type Argument } from './getopt.ts';
import { given } from '../model/given.ts';
import { refuseIdle, tcptracerouteIdle } from './matrix-idle.ts';
import { operandsText, readAs, readHost } from './operands.ts';
import { ACK, SYN } from '../../probes/tcp-flags.ts';
import { defaultAttempts, matrixRequest } from './specification/matrix-spec.ts';
import { probeRequest } from './specification/probe-request.ts';
import { tcptracerouteOptions, upTo, type TcptracerouteDraft } from './tcptraceroute-options.ts';

const DEFAULT_PORT = 80;
const DEFAULT_MAX_TTL = 30;
const DEFAULT_WAIT_SECONDS = 3;
/** Octets of an IP header and a TCP header, by family. */
const LEAST_LENGTH = { 4: 40, 6: 60 } as const;

/** The usage text, to the letter of the original. */
export const tcptracerouteUsage = (
  program: string,
): string => `Usage: ${program} [-46nNFSAE] [-i <interface>] [-f <first ttl>]
       [-l <packet length>] [-q <number of queries>] [-t <tos>]
       [-m <max ttl>] [-pP] <source port>] [-s <source address>]
       [-w <wait time>] <host> [destination port] [packet length]

`;

function emptyDraft(): TcptracerouteDraft {
  return {
    ...emptyCommonDraft(),
    names: 'public',
    dontFragment: false,
    syn: false,
    ack: false,
    ecn: false,
    firstTtl: 1,
    maxTtl: DEFAULT_MAX_TTL,
    tos: 0,
    debug: false,
    trackPort: false,
  };
}

/**
 * Reads the arguments of `tcptraceroute`.
 * @throws UsageError in the original's words
 */
export function parseTcptraceroute(argv: readonly string[], context: DialectContext): Request {
  const draft = emptyDraft();
  const operands: string[] = [];
  for (const argument of readArguments(argv, tcptracerouteOptions)) {
    if (argument.kind === 'operand') operands.push(argument.text);
    else note(argument, draft);
  }
  if (draft.ask) return { kind: draft.ask };
  const [typed, givenPort, length] = operands;
  if (typed === undefined || operands.length > 3) {
    throw new UsageError('', { showUsage: true, afterUsage: operandsText(operands, 3) });
  }
  if (length !== undefined) draft.length = upTo(0xffff, length, 'packet length');
  const { host, port } = hostAndPort(typed, givenPort, context);
  const targetPort = port === undefined ? DEFAULT_PORT : portOf(port, context);
  const families = familiesFor(host, draft.family ?? familyOfProgram(context.program), draft.source);
  adjust(draft, families, context);
  check(draft);
  const matrix = matrixOf(draft, port, context);
  return { kind: 'trace', plan: { ...planOf(draft, host, targetPort, families), ...given({ matrix }) } };
}

function note(
  argument: Exclude<Argument<TcptracerouteDraft>, { kind: 'operand' }>,
  draft: TcptracerouteDraft,
): void {
  switch (argument.kind) {
    case 'option':
      argument.row.apply(draft, argument.value, argument.name);
      draft.given.push(argument);
      break;
    case 'missing-value':
      throw new UsageError(`Argument required for ${argument.name}`);
    case 'needless-value':
      throw new UsageError(`${argument.name}: takes no value`);
    case 'unknown':
      throw new UsageError(`Unknown command line argument: ${argument.name}`, {
        showUsage: true,
        unknownOption: argument.name,
      });
  }
}

/** The host that an operand names, and the port: its own operand, or else what stands with the host. */
function hostAndPort(
  typed: string,
  given: string | undefined,
  context: DialectContext,
): { readonly host: string; readonly port?: string } {
  const { host, port: written, hadMore } = readHost(typed, context);
  const port = given ?? (written === undefined ? undefined : String(written));
  if (hadMore) context.warn(readAs(typed, host) + (port === undefined ? '' : `, port ${port}`));
  return { host, ...(port === undefined ? {} : { port }) };
}

function matrixOf(
  draft: TcptracerouteDraft,
  port: string | undefined,
  context: DialectContext,
): MatrixRequest | undefined {
  const matrix = matrixRequest(draft, context);
  draft.attempts ??= defaultAttempts(matrix?.probes.length);
  if (matrix) refuseIdle(draft.given, tcptracerouteIdle());
  if (!matrix || port === undefined) return matrix;
  throw new UsageError(`destination port ${port}: the probes of --matrix name their own (write tcp/${port})`);
}

function portOf(text: string, context: DialectContext): number {
  if (/^\d+$/.test(text)) return upTo(0xffff, text, 'destination port');
  const port = context.servicePort(text);
  if (port === undefined) throw new UsageError(`Unknown port: ${text}`);
  return port;
}

/** Mends what the original mends, with its warnings. */
function adjust(draft: TcptracerouteDraft, families: readonly Family[], context: DialectContext): void {
  if (draft.sourcePort && draft.trackPort) {
    context.warn('Warning: --track-id implied by specifying the local source port');
    draft.trackPort = false;
  }
  const { length = 0 } = draft;
  const least = families.includes(4) ? LEAST_LENGTH[4] : LEAST_LENGTH[6];
  if (length > 0 && length < least) context.warn(`Warning: Increasing packet length to ${least} bytes`);
  if (length <= least) delete draft.length;
}

function check({ firstTtl, maxTtl, attempts = 1, waitSeconds }: TcptracerouteDraft): void {
  if (firstTtl === 0 || maxTtl === 0) throw new UsageError('TTL must be greater than 0');
  if (firstTtl > 255 || maxTtl > 255) throw new UsageError('TTL must be less than 256');
  if (firstTtl > maxTtl) {
    throw new UsageError(`Minimum TTL (${firstTtl}) must be less than maximum TTL (${maxTtl})`);
  }
  if (attempts === 0) throw new UsageError('Number of queries must be at least 1');
  const most = Math.floor(MAX_SEQUENCE / (maxTtl - firstTtl + 1));
  if (attempts > most) throw new UsageError(`Number of queries must be at most ${most} for these TTLs`);
  if (waitSeconds === 0) throw new UsageError('Timeout must be at least 1');
}

function tcpFlags({ syn, ack, ecn }: TcptracerouteDraft): number {
  return (syn || !ack ? SYN : 0) | (ack ? ACK : 0) | (ecn ? TCP_ECN_SETUP : 0);
}

function planOf(draft: TcptracerouteDraft, host: string, port: number, families: readonly Family[]): Plan {
  const { attempts = defaultAttempts(), length, waitSeconds, device, source, sourcePort, trackPort } = draft;
  return {
    ...draft.settings,
    host,
    families,
    probe: probeRequest(
      { type: tcp, protocol: 0 },
      { port, fixedPort: true, portPerProbe: trackPort, tcpFlags: tcpFlags(draft) },
    ),
    firstTtl: draft.firstTtl,
    maxTtl: draft.maxTtl,
    attempts,
    ...given({ length, waitSeconds, device, source, sourcePort }),
    defaultWaitSeconds: DEFAULT_WAIT_SECONDS,
    pauseMs: 0,
    stopRule: 'first-refusal',
    filling: 'printable',
    tos: draft.tos,
    dontFragment: draft.dontFragment,
    gateways: [],
    checksums: true,
    dontRoute: false,
    socketDebug: false,
    names: draft.names,
    asNumbers: false,
    display: { verbosity: 0, debug: draft.debug, octets: false, loss: false, ecn: false },
  };
}
