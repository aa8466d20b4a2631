/** The simulated network: what a path answers to a probe. Pure, save for the draws of its generator. */
import { addressOf, octetsOf, type Family } from '../../src/model/address.ts';
import { TCP_FLAG } from '../../src/wire/tcp.ts';
import { ICMPV4_TYPE } from '../../src/wire/icmpv4.ts';
import { ICMPV6_TYPE } from '../../src/wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../src/wire/ip-protocol.ts';
import { readDatagram, withTtl, type Datagram } from './datagram.ts';
import { destinationPort, matches, tcpFlags } from './filter.ts';
import { answerOfHost, resetOf } from './host.ts';
import { encodeError, timeExceeded, tooBig, unreachable, type IcmpErrorKind } from './icmp-error.ts';
import { answerOfNameServer } from './name-server.ts';
import type { HopFormat, HostFormat, PathFormat } from './path-format.ts';
import type { Random } from './random.ts';
import { responderOf, type Balancing } from './responder-address.ts';
import { owns, rewrittenAt, sourceRouted, withDestination } from './rewriting.ts';

const NAME_SERVER_PORT = 53;

/** A path and what changes in it from probe to probe. */
export interface PathState extends Balancing {
  readonly format: PathFormat;
  readonly nowMs: () => number;
  /** What hops that limit their rate have left. */
  readonly buckets: Map<HopFormat, { tokens: number; atMs: number }>;
}

/** A whole IP datagram that reaches the tracer this long after the probe was sent. */
export interface Answer {
  readonly afterMs: number;
  readonly octets: Uint8Array;
}

/** @param nowMs - the time, by which hops limit their rate */
export function openPath(format: PathFormat, random: Random, nowMs: () => number = () => 0): PathState {
  return { format, random, nowMs, turns: new Map(), buckets: new Map() };
}

/** Whether this is a query for the path's name server and so no probe. */
export function isNameQuery({ dns }: PathFormat, datagram: Datagram): boolean {
  return (
    dns !== undefined &&
    datagram.protocol === IP_PROTOCOL.udp &&
    destinationPort(datagram) === NAME_SERVER_PORT &&
    addressOf(datagram.destination) === dns.addr
  );
}

const ICMP_ERRORS_AND_REPLIES: readonly number[] = [
  ICMPV4_TYPE.echoReply,
  ICMPV4_TYPE.destinationUnreachable,
  ICMPV4_TYPE.timeExceeded,
];

/**
 * Whether a datagram is one that a tracer sends: not a TCP RST, an ICMP error or an echo reply, with which its
 * kernel answers, and which nobody answers in turn, nor neighbour discovery (RFC 4861).
 */
export function isProbe(datagram: Datagram): boolean {
  const { protocol, transport } = datagram;
  const [type = 0] = transport;
  if (protocol === IP_PROTOCOL.icmp) return !ICMP_ERRORS_AND_REPLIES.includes(type);
  if (protocol === IP_PROTOCOL.icmpv6) return type === ICMPV6_TYPE.echoRequest;
  return ((tcpFlags(datagram) ?? 0) & TCP_FLAG.rst) === 0;
}

/**
 * What comes back for a probe.
 * @param octets - the whole IP datagram as the tracer sent it
 * @throws WireError when it is no valid datagram
 */
export function answer(state: PathState, octets: Uint8Array): readonly Answer[] {
  const sent = readDatagram(octets);
  const { format } = state;
  if (format.dns && isNameQuery(format, sent)) return answerOfNameServer(format.dns.names, sent);
  if (!isProbe(sent)) return [];
  let passing = sent;
  let addressed = sent.destination;
  const port = destinationPort(sent);
  for (const [index, hop] of format.hops.entries()) {
    if (owns(hop, passing.destination)) {
      const routed = sourceRouted(passing);
      if (!routed) return answerAtEnd(state, index, passing, withDestination(passing, addressed, port));
      passing = routed;
      addressed = routed.destination;
    }
    passing = rewrittenAt(hop, passing);
    const stopped = stopAt(state, index, hop, passing);
    if (stopped) return stopped;
    passing = withTtl(passing, passing.ttl - 1);
  }
  return answerAtEnd(state, format.hops.length, passing, withDestination(passing, addressed, port));
}

/** The answers when the probe goes no further than this hop, or undefined when it passes. */
function stopAt(
  state: PathState,
  index: number,
  hop: HopFormat,
  passing: Datagram,
): readonly Answer[] | undefined {
  const { family } = passing;
  if (passing.ttl <= 1) {
    return answerError(state, index, passing, errorAt(hop, family));
  }
  if (hop.mtu !== undefined && passing.octets.length > hop.mtu && passing.dontFragment) {
    return answerError(state, index, passing, tooBig(family, hop.mtu));
  }
  if ([hop.drop ?? []].flat().some((matcher) => matches(matcher, passing))) return [];
  const rule = Object.entries(hop.reject ?? {}).find(([matcher]) => matches(matcher, passing));
  if (!rule) return undefined;
  const [, result] = rule;
  return result === 'rst'
    ? answerReset(state, index, passing)
    : answerError(state, index, passing, unreachable(family, result));
}

/** What a router says to a probe whose TTL ends with it. */
function errorAt({ code, error6, pmtu }: HopFormat, family: Family): IcmpErrorKind {
  if (family === 6 && error6) return { type: error6[0], code: error6[1], rest: 0 };
  return code === undefined ? timeExceeded(family) : unreachable(family, code, pmtu);
}

function answerError(state: PathState, index: number, passing: Datagram, kind: IcmpErrorKind): Answer[] {
  const hop = hopAt(state, index);
  const responder = responderOf(state, hop, passing);
  if (responder === undefined || isLost(state, hop)) return [];
  const octets = encodeError(kind, passing, {
    responder: octetsOf(responder),
    ttl: routerTtl(index),
    labels: hop.mpls,
  });
  return [{ afterMs: delayOf(state, hop), octets }];
}

function answerReset(state: PathState, index: number, passing: Datagram): Answer[] {
  const hop = hopAt(state, index);
  if (isLost(state, hop)) return [];
  const afterMs = delayOf(state, hop);
  return resetOf(passing, routerTtl(index)).map((octets) => ({ afterMs, octets }));
}

function answerAtEnd(state: PathState, index: number, arrived: Datagram, addressed: Datagram): Answer[] {
  const { dst, hops } = state.format;
  const hop = hops[index];
  if (hop && isLost(state, hop)) return [];
  const host: HostFormat = hop ? {} : dst;
  const ttl = host.reply_ttl ?? 64 - index;
  const replyTtl = ttl === 'arriving' ? arrived.ttl : ttl;
  const afterMs = hop ? delayOf(state, hop) : (dst.delay ?? 0);
  return answerOfHost({ host, arrived, addressed, replyTtl }).map((octets) => ({ afterMs, octets }));
}

function hopAt({ format }: PathState, index: number): HopFormat {
  const hop = format.hops[index];
  if (!hop) throw new RangeError(`no hop ${index}`);
  return hop;
}

/** Routers send with TTL 255, and each one on the way back takes one. */
function routerTtl(index: number): number {
  return 255 - index;
}

function isLost(state: PathState, hop: HopFormat): boolean {
  const { silent = false, loss = 0 } = hop;
  return silent || (loss > 0 && state.random() < loss) || !takeToken(state, hop);
}

/** Whether a hop's rate has room for one more answer, which then takes it. */
function takeToken({ buckets, nowMs }: PathState, hop: HopFormat): boolean {
  const { rate } = hop;
  if (!rate) return true;
  const now = nowMs();
  const { tokens, atMs } = buckets.get(hop) ?? { tokens: rate.burst, atMs: now };
  const filled = Math.min(rate.burst, tokens + ((now - atMs) / 1000) * rate.perSecond);
  buckets.set(hop, { tokens: filled >= 1 ? filled - 1 : filled, atMs: now });
  return filled >= 1;
}

function delayOf({ random }: PathState, { delay = 0, jitter = 0 }: HopFormat): number {
  return jitter > 0 ? delay + jitter * random() : delay;
}
