/** The simulated network: what a path answers to a probe. */
import { addressOf, octetsOf } from '../../src/model/address.ts';
import { TCP_FLAG } from '../../src/wire/tcp.ts';
import { ICMPV4_TYPE } from '../../src/wire/icmpv4.ts';
import { ICMPV6_TYPE } from '../../src/wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import { readDatagram, withTtl, type Datagram } from './datagram.ts';
import { destinationPort, matches, tcpFlags } from './filter.ts';
import { answerOfHost } from './host.ts';
import { errorReply } from './host/arrival.ts';
import type { DestinationFormat, HopFormat, PathFormat } from './path-format.ts';
import type { Answer, PathState } from './path-state.ts';
import { emit } from './router/emission.ts';
import { delayOf, injectedAt, isLost, stopAt, type Visit } from './router/router.ts';
import { errorOfTurn, nextTurn } from './router/turn.ts';
import { owns, rewrittenAt, sourceRouted, withDestination } from './rewriting.ts';
import { withStack } from './host/stack.ts';
import { wayOf, type Way } from './ways.ts';
import { answerOfNameServer } from './services/name-server.ts';

const NAME_SERVER_PORT = 53;

/** Tells whether a datagram is a query for the path's name server, and so no probe. */
export function isNameQuery({ dns }: PathFormat, datagram: Datagram): boolean {
  return (
    dns !== undefined &&
    datagram.protocol === IP_PROTOCOL.udp &&
    destinationPort(datagram) === NAME_SERVER_PORT &&
    addressOf(datagram.destination) === dns.addr
  );
}

/** RFC 792. */
const TIMESTAMP_REPLY = 14;
const ICMP_ERRORS_AND_REPLIES: readonly number[] = [
  ICMPV4_TYPE.echoReply,
  ICMPV4_TYPE.destinationUnreachable,
  ICMPV4_TYPE.timeExceeded,
  TIMESTAMP_REPLY,
];

/**
 * Tells whether a datagram is one that a tracer sends. Its kernel sends others, which nobody answers: TCP RSTs, ICMP
 * errors, echo and timestamp replies, neighbour discovery (RFC 4861).
 */
export function isProbe(datagram: Datagram): boolean {
  const { protocol, transport } = datagram;
  const [type = 0] = transport;
  if (protocol === IP_PROTOCOL.icmp) return !ICMP_ERRORS_AND_REPLIES.includes(type);
  if (protocol === IP_PROTOCOL.icmpv6) return type === ICMPV6_TYPE.echoRequest;
  return ((tcpFlags(datagram) ?? 0) & TCP_FLAG.rst) === 0;
}

/**
 * Plays a datagram over the path, and gives what comes back for it.
 * @param octets - the whole IP datagram as the tracer sent it
 * @throws WireError when it is no valid datagram
 */
export function answer(state: PathState, octets: Uint8Array): readonly Answer[] {
  const sent = readDatagram(octets);
  const { dns } = state.format;
  if (dns && isNameQuery(state.format, sent)) return answerOfNameServer(dns, sent);
  if (isProbe(sent)) return answerProbe(state, sent);
  for (const [hop, lock] of state.locks) {
    if (sent.ttl > state.format.hops.indexOf(hop) + 1) lock.passes(sent);
  }
  return [];
}

function answerProbe(state: PathState, sent: Datagram): readonly Answer[] {
  const way = wayOf(state.format, sent, state.random);
  const { hops, dst } = way;
  const targetTtl = typeof dst.reply_ttl === 'number' ? dst.reply_ttl : hostTtl(hops.length);
  const port = destinationPort(sent);
  let passing = sent;
  let addressed = sent.destination;
  const beside: Answer[] = [];
  for (const [index, hop] of hops.entries()) {
    if (!dst.any && owns(hop, passing.destination)) {
      const routed = sourceRouted(passing);
      if (!routed) return [...beside, ...answerOfRouter(state, { hop, index, passing, addressed, port })];
      passing = routed;
      addressed = routed.destination;
    }
    passing = rewrittenAt(hop, passing);
    const visit: Visit = {
      hop,
      index,
      passing,
      targetTtl,
      get addressed() {
        return withDestination(this.passing, addressed, port);
      },
    };
    beside.push(...injectedAt(state, visit));
    const stopped = stopAt(state, visit);
    if (stopped && !(hop.leaky && passing.ttl === 1)) return [...beside, ...stopped];
    beside.push(...(stopped ?? []));
    passing = withTtl(passing, ttlBeyond(hop, passing));
  }
  const arrived = withDestination(passing, addressed, port);
  return [...beside, ...answerOfTarget(state, way, passing, arrived, sent.ttl)];
}

/** The TTL of what passes a hop: one less, or what the hop sets. */
function ttlBeyond({ ttl_set: set }: HopFormat, datagram: Datagram): number {
  const isSet = set?.kinds.some((kind) => matches(kind, datagram)) ?? false;
  return isSet && set ? set.ttl : datagram.ttl - 1;
}

/** A host sends with TTL 64, and each router on the way back takes one. */
function hostTtl(routers: number): number {
  return 64 - routers;
}

interface End {
  readonly hop: HopFormat;
  readonly index: number;
  readonly passing: Datagram;
  readonly addressed: Uint8Array;
  readonly port: number | undefined;
}

/** A router that is itself probed answers like a host without open ports. */
function answerOfRouter(state: PathState, { hop, index, passing, addressed: address, port }: End): Answer[] {
  if (isLost(state, hop)) return [];
  const addressed = withDestination(passing, address, port);
  const answers = answerOfHost({ host: {}, arrived: passing, addressed, replyTtl: hostTtl(index) });
  const afterMs = delayOf(state, hop);
  return emit(state, { node: hop, probe: passing, responder: addressed.destination, afterMs }, answers);
}

function answerOfTarget(
  state: PathState,
  { dst, hops }: Way,
  arrived: Datagram,
  probed: Datagram,
  sentTtl: number,
): Answer[] {
  const { reply_ttl: ttl = hostTtl(hops.length), delay: afterMs = 0 } = dst;
  const replyTtl = ttl === 'arriving' ? arrived.ttl : ttl;
  const answersFrom = (destination: Uint8Array) =>
    answerOfHost({ host: dst, arrived, addressed: { ...probed, destination }, replyTtl });
  const isElsewhere = !dst.from_icmp || answersFrom(probed.destination).every(isIcmp);
  const destination = isElsewhere ? sourceOf(dst, probed) : probed.destination;
  const addressed = { ...probed, destination };
  const turn = nextTurn(state, `target ${sentTtl}`, dst.turns);
  if (turn === 'silent') return [];
  const error = errorOfTurn(turn, arrived.family);
  const answers = error
    ? [errorReply({ host: dst, arrived, addressed, replyTtl }, error)]
    : answersFrom(destination);
  const made = answers.map((octets) => withStack(state, dst, octets));
  return emit(state, { node: dst, probe: arrived, responder: addressed.destination, afterMs }, made);
}

function isIcmp(octets: Uint8Array): boolean {
  const { protocol } = readDatagram(octets);
  return protocol === IP_PROTOCOL.icmp || protocol === IP_PROTOCOL.icmpv6;
}

/** The address that the target answers from: the one that was probed, unless the path names another. */
function sourceOf({ from, from6 }: DestinationFormat, { family, destination }: Datagram): Uint8Array {
  const address = family === 4 ? from : from6;
  return address === undefined ? destination : octetsOf(address);
}
