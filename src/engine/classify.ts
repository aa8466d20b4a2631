/** Tells replies to our probes from everything else that arrives. */
import { addressOf, octetsOf, type Address } from '../model/address.ts';
import type { Probe } from '../model/probe.ts';
import type { IcmpExtension, MplsLabel } from '../model/extension.ts';
import type { Reply, Translation } from '../model/reply.ts';
import { equal } from '../wire/bytes.ts';
import { internetChecksum } from '../wire/checksum.ts';
import { decodeIcmp, ICMP_CHECKSUM_OFFSET, type IcmpMessage } from '../wire/icmpv4.ts';
import { ICMP_PROTOCOL } from '../wire/codes.ts';
import { decodeIpv4 } from '../wire/ipv4.ts';
import type { QuotedDatagram } from '../wire/quoted-datagram.ts';
import { WireError } from '../wire/wire-error.ts';
import { extensionsOf } from './extensions.ts';
import { readIcmpError, type IcmpError } from './icmp-error.ts';
import { noteUnread, probeOfQuote, readQuote, type Match, type Unread } from './quoted-probe.ts';
import { answerProves, proven } from './proof.ts';
import { matchRewrittenSource } from './rewritten-source.ts';
import type { ReceivedDatagram } from '../ports/transport.ts';
import type { DirectMatch } from './probe-type.ts';
import type { Trace } from './trace.ts';
import type { TraceIndex } from './trace-index.ts';

const NO_LABELS: readonly MplsLabel[] = [];
const NO_EXTENSIONS: readonly IcmpExtension[] = [];

/** A datagram that is no reply to any probe. */
export interface ForeignDatagram {
  readonly source: Address;
  /** The address it was sent to, where the datagram has its IP header. */
  readonly receivedBy?: Address;
  /**
   * `translated`: a quote whose destination is not ours, in a trace that ignores those. `anonymous`: an answer of the target
   * that does not name a probe.
   */
  readonly reason: 'not ours' | 'malformed' | 'translated' | 'anonymous';
  /** The decoder's message about a malformed datagram. */
  readonly detail?: string;
  /** The datagram from its transport header on, or all of it if its IP header could not be read. */
  readonly octets: Uint8Array;
  /** Present on ICMP messages. */
  readonly icmp?: Pick<IcmpMessage, 'type' | 'code'>;
}

/** A reply to a probe, or a foreign datagram. */
export type Classified =
  | { readonly trace: Trace; readonly probe: Probe; readonly reply: Reply }
  | { readonly foreign: ForeignDatagram; readonly answer?: AnonymousAnswer };

/** An answer to a trace's flow that does not name one of its probes. */
export interface AnonymousAnswer {
  readonly trace: Trace;
  readonly reply: Reply;
}

/** The facts that an IP header tells, and the message it carries. */
interface Envelope {
  readonly ttl?: number | undefined;
  readonly receivedBy?: Address | undefined;
  readonly message: Uint8Array;
}

/** Classifies a datagram. Octets that cannot be read make it foreign: no datagram makes this throw. */
export function classify(datagram: ReceivedDatagram, index: TraceIndex): Classified {
  let envelope: Envelope = { message: datagram.octets };
  let icmp: IcmpMessage | undefined;
  const unread: Unread = { error: undefined };
  try {
    envelope = opened(datagram);
    if (datagram.protocol === ICMP_PROTOCOL[datagram.family]) icmp = decodeIcmp(envelope.message);
    if (icmp && datagram.hasHeader) refuseWrongChecksum(envelope.message);
    const error = icmp && readIcmpError(datagram.family, icmp);
    const reply = error
      ? fromError(datagram, envelope, error, index, unread)
      : fromAnswer(datagram, envelope, index, unread);
    if (reply) return reply;
  } catch (error) {
    noteUnread(unread, error);
  }
  if (!unread.error) return { foreign: foreignOf(datagram, envelope, 'not ours', icmp) };
  return { foreign: { ...foreignOf(datagram, envelope, 'malformed', icmp), detail: unread.error.message } };
}

function opened({ octets, hasHeader, ttl }: ReceivedDatagram): Envelope {
  if (!hasHeader) return { ttl, receivedBy: undefined, message: octets };
  const header = decodeIpv4(octets);
  return {
    ttl: header.ttl,
    receivedBy: addressOf(header.destination),
    message: octets.subarray(header.headerLength),
  };
}

/**
 * A raw socket of IPv4 gets a message before the kernel has looked at its checksum. Those of ICMPv6 are checked: RFC 3542
 * section 3.1. @throws WireError when it is wrong
 */
function refuseWrongChecksum(message: Uint8Array): void {
  if (internetChecksum(message) === 0) return;
  throw new WireError('malformed', 'ICMP', ICMP_CHECKSUM_OFFSET, 'wrong checksum');
}

function fromError(
  datagram: ReceivedDatagram,
  envelope: Envelope,
  { kind, quoted, mpls, objects }: IcmpError,
  index: TraceIndex,
  unread: Unread,
): Classified | undefined {
  const ours =
    match(quoted, index, unread) ??
    matchTranslated(quoted, index, unread) ??
    matchRewrittenSource(quoted, index, unread);
  if (!ours) return undefined;
  const { trace, probe, translatedPort, differs } = ours;
  const translation = translationOf(quoted, trace, translatedPort);
  if (translation && trace.spec.translation === 'ignore') {
    return { foreign: foreignOf(datagram, envelope, 'translated') };
  }
  const { octets, tos, ttl } = quoted;
  const quote = { octets, tos, ttl, differs };
  const extensions = extensionsOf(objects);
  return { trace, probe, reply: replyOf(datagram, envelope, { kind, mpls, extensions, quote, translation }) };
}

/** Finds the probe that is quoted exactly as it was sent. */
function match(quoted: QuotedDatagram, index: TraceIndex, unread: Unread): Match | undefined {
  for (const trace of index.to(quoted.protocol, quoted.destination)) {
    const found = matchOf(quoted, trace, unread);
    if (found && found.translatedPort === undefined) return found;
  }
  return undefined;
}

/**
 * Finds the probe that is quoted with another destination than it was sent to: another address, port or both. An IPv4
 * identification has to agree, because what is left without the destination identifies a probe poorly.
 */
function matchTranslated(quoted: QuotedDatagram, index: TraceIndex, unread: Unread): Match | undefined {
  const { identification } = quoted;
  for (const trace of index.of(quoted.protocol)) {
    const expected = identification === undefined ? undefined : probeNamed(identification, trace);
    if (identification !== undefined && !expected) continue;
    const found = matchOf(quoted, trace, unread);
    if (found && (!expected || found.probe.sequence === expected.sequence)) return found;
  }
  return undefined;
}

function probeNamed(identification: number, trace: Trace): Probe | undefined {
  return trace.probeOf(identification) ?? trace.probeOf(swapped(identification));
}

function matchOf(quoted: QuotedDatagram, trace: Trace, unread: Unread): Match | undefined {
  const { flow } = trace.spec;
  if (!equal(quoted.source, flow.source)) return undefined;
  const { identification } = quoted;
  const found = matchIdentified(quoted, trace, identification, unread);
  if (found || identification === undefined) return found;
  return matchIdentified(quoted, trace, swapped(identification), unread);
}

function matchIdentified(
  quoted: QuotedDatagram,
  trace: Trace,
  identification: number | undefined,
  unread: Unread,
): Match | undefined {
  const identified = readQuote(trace, quoted, identification, unread);
  const found = identified && probeOfQuote(identified, trace);
  return found && proven(found, quoted);
}

/** Old BSD kernels quote 16-bit fields of the IPv4 header in the order of octets to which they had turned them. */
function swapped(field: number): number {
  return ((field & 0xff) << 8) | (field >>> 8);
}

function translationOf(quoted: QuotedDatagram, trace: Trace, port?: number): Translation | undefined {
  if (port === undefined && trace.goesTo(quoted.destination)) return undefined;
  const address = addressOf(quoted.destination);
  return port === undefined ? { address } : { address, port };
}

function fromAnswer(
  datagram: ReceivedDatagram,
  envelope: Envelope,
  index: TraceIndex,
  unread: Unread,
): Classified | undefined {
  const { protocol, source } = datagram;
  const found = answerAmong(index.to(protocol, octetsOf(source)), datagram, envelope, unread);
  if (found || protocol !== ICMP_PROTOCOL[datagram.family]) return found;
  const others = index.of(protocol).filter(({ spec }) => spec.probeType.answersFromAnywhere);
  return answerAmong(others, datagram, envelope, unread);
}

function answerAmong(
  traces: readonly Trace[],
  datagram: ReceivedDatagram,
  envelope: Envelope,
  unread: Unread,
): Classified | undefined {
  for (const trace of traces) {
    const { repeats } = trace.spec;
    const identified = readAnswer(trace, envelope, unread);
    if (!identified || !answerProves(trace, envelope.message)) continue;
    // the number of an earlier trace, under which all probes of this one go, names none of them
    if (identified.sequence === undefined || identified.sequence === repeats) {
      const foreign = foreignOf(datagram, envelope, 'anonymous');
      return { foreign, answer: { trace, reply: answer(datagram, envelope, identified) } };
    }
    const probe = trace.probe(identified.sequence);
    if (probe) return { trace, probe, reply: answer(datagram, envelope, identified) };
  }
  return undefined;
}

function readAnswer({ spec }: Trace, { message }: Envelope, unread: Unread): DirectMatch | undefined {
  try {
    return spec.probeType.identifyDirect?.(message, spec.flow, spec.payload.length);
  } catch (error) {
    noteUnread(unread, error);
    return undefined;
  }
}

function answer(datagram: ReceivedDatagram, envelope: Envelope, { tcp }: DirectMatch): Reply {
  const kind = { type: 'answer', tcp } as const;
  return replyOf(datagram, envelope, {
    kind,
    mpls: NO_LABELS,
    extensions: NO_EXTENSIONS,
    quote: undefined,
    translation: undefined,
  });
}

/** Gives all replies the same members in the same order, undefined ones too: V8 reads objects of one shape faster. */
function replyOf(
  { source, octets, hasHeader, atMs, precision }: ReceivedDatagram,
  { ttl, receivedBy, message }: Envelope,
  told: Pick<Reply, 'kind' | 'mpls' | 'extensions' | 'quote' | 'translation'>,
): Reply {
  const { kind, mpls, extensions, quote, translation } = told;
  return {
    responder: source,
    kind,
    receivedBy,
    ttl,
    length: message.length,
    octets,
    hasHeader,
    quote,
    translation,
    mpls,
    extensions,
    atMs,
    precision,
  };
}

function foreignOf(
  { source }: ReceivedDatagram,
  { receivedBy, message }: Envelope,
  reason: ForeignDatagram['reason'],
  icmp?: IcmpMessage,
): ForeignDatagram {
  return {
    source,
    reason,
    octets: message,
    ...(receivedBy === undefined ? {} : { receivedBy }),
    ...(icmp ? { icmp: { type: icmp.type, code: icmp.code } } : {}),
  };
}
