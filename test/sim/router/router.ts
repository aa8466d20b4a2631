/** One router: it answers a probe whose TTL ends, stops it, or lets it pass. */
import { octetsOf, type Family } from '../../../src/model/address.ts';
import type { Datagram } from '../datagram.ts';
import { matches } from '../filter.ts';
import { answerOfHost } from '../host.ts';
import { withStack } from '../host/stack.ts';
import { resetOf } from '../host/tcp.ts';
import { encodeError, timeExceeded, tooBig, unreachable, type IcmpErrorKind } from '../icmp-error.ts';
import type { HopFormat, Matcher } from '../path-format.ts';
import type { Answer, PathState } from '../path-state.ts';
import { isRejectAnswered } from '../reject-sum.ts';
import { responderOf } from '../responder-address.ts';
import { emit } from './emission.ts';
import { quoteAt } from './quote.ts';
import { errorOfTurn, nextTurn } from './turn.ts';

/** A probe at a router. */
export interface Visit {
  readonly hop: HopFormat;
  /** Of the hop, from 0. */
  readonly index: number;
  /** As the hop sees and quotes it. */
  readonly passing: Datagram;
  /** The same, addressed as the tracer did. What is forged in the target's name comes from there. */
  readonly addressed: Datagram;
  /** TTL of the target's own replies at the tracer. */
  readonly targetTtl: number;
}

/** Gives the answers when the probe goes no further than this hop; undefined when it passes. */
export function stopAt(state: PathState, visit: Visit): readonly Answer[] | undefined {
  const { hop, passing } = visit;
  if (passing.ttl <= 1) return answerExpired(state, visit);
  if (hop.mtu !== undefined && passing.octets.length > hop.mtu && passing.dontFragment) {
    return hop.mtu_silent ? [] : answerError(state, visit, tooBig(passing.family, hop.mtu));
  }
  return answerFiltered(state, visit) ?? (passesLimits(state, visit) ? undefined : []);
}

function answerExpired(state: PathState, visit: Visit): Answer[] {
  const { hop, index, passing } = visit;
  const turn = nextTurn(state, `hop ${index}`, hop.turns);
  const error = errorOfTurn(turn, passing.family);
  if (error) return answerError(state, visit, error);
  const isMeant = hop.te_only === undefined || isOneOf(hop.te_only, passing);
  if (turn === 'silent' || !isMeant) return [];
  return answerError(state, visit, errorAt(hop, passing.family));
}

/** The router's own answer to a probe whose TTL ends. */
function errorAt({ code, error6, pmtu }: HopFormat, family: Family): IcmpErrorKind {
  if (family === 6 && error6) return { type: error6[0], code: error6[1], rest: 0 };
  return code === undefined ? timeExceeded(family) : unreachable(family, code, pmtu);
}

function answerFiltered(state: PathState, visit: Visit): Answer[] | undefined {
  const { hop, passing, addressed } = visit;
  if (isOneOf([hop.drop ?? []].flat(), passing)) return [];
  const rule = Object.entries(hop.reject ?? {}).find(([matcher]) => matches(matcher, passing));
  const isProxied = isOneOf(hop.synack ?? [], passing);
  if ((!rule && !isProxied) || passesRate(state, hop)) return undefined;
  if (!rule) return answerForged(state, visit, synAckOf(visit));
  if (!isRejectAnswered(passing)) return [];
  if (rule[1] === 'rst') return answerForged(state, visit, resetOf(addressed, forgedTtl(visit)));
  return answerRejected(state, visit, unreachable(passing.family, rule[1]));
}

/** Tells whether the rate lets pass what is otherwise refused or answered here. */
function passesRate(
  { buckets }: PathState,
  { forges_below: below, forges_above: above }: HopFormat,
): boolean {
  if (below) return !buckets.take(below, below);
  return above !== undefined && buckets.take(above, above);
}

/** What an open port would answer. */
function synAckOf(visit: Visit): Uint8Array[] {
  const { passing: arrived, addressed } = visit;
  return answerOfHost({ host: { tcp_default: 'open' }, arrived, addressed, replyTtl: forgedTtl(visit) });
}

/** What a hop answers in the target's name to a probe that passes on all the same. */
export function injectedAt(state: PathState, visit: Visit): Answer[] {
  const { hop, passing, addressed } = visit;
  if (!hop.inject || passing.ttl <= 1 || !isOneOf(hop.inject.kinds, passing) || forgedTtl(visit) < 1)
    return [];
  const { says, copies = 1 } = hop.inject;
  const [made] = says === 'rst' ? resetOf(addressed, forgedTtl(visit)) : synAckOf(visit);
  return made ? answerForged(state, visit, Array<Uint8Array>(copies).fill(made)) : [];
}

/** Refuses by an ICMP error, perhaps late, seldom, or in the target's name. */
function answerRejected(state: PathState, visit: Visit, kind: IcmpErrorKind): Answer[] {
  const { reject_bucket: bucket, reject_delay: delay = 0, reject_forged: isForged } = visit.hop;
  if (bucket && !state.buckets.take(bucket, bucket)) return [];
  const answers = isForged
    ? answerForged(state, visit, [forgedError(visit, kind)])
    : answerError(state, visit, kind);
  return answers.map(({ afterMs, octets }) => ({ afterMs: afterMs + delay, octets }));
}

function forgedError(visit: Visit, kind: IcmpErrorKind): Uint8Array {
  const { passing, addressed } = visit;
  return encodeError(kind, passing, { responder: addressed.destination, ttl: forgedTtl(visit) });
}

function passesLimits({ buckets, locks, random }: PathState, { hop, passing }: Visit): boolean {
  const { policer, lose = 0 } = hop;
  if (lose > 0 && random() < lose) return false;
  if (policer && isOneOf(policer.kinds, passing) && !buckets.take(policer, [policer.rate, policer.burst])) {
    return false;
  }
  return locks.get(hop)?.passes(passing) ?? true;
}

function isOneOf(matchers: readonly Matcher[], datagram: Datagram): boolean {
  return matchers.some((matcher) => matches(matcher, datagram));
}

function answerError(state: PathState, visit: Visit, kind: IcmpErrorKind): Answer[] {
  const { hop, index, passing } = visit;
  const address = responderOf(state, hop, passing);
  if (address === undefined || isLost(state, hop)) return [];
  const responder = octetsOf(address);
  const octets = encodeError(kind, passing, {
    responder,
    ttl: hop.reply_ttl ?? routerTtl(index),
    labels: hop.mpls,
    objects: hop.objects,
    unsummed: hop.unsummed,
    lengthOctet: hop.mplslen,
    quoted: quoteAt(hop, passing),
  });
  return emit(state, { node: hop, probe: passing, responder, afterMs: delayOf(state, hop) }, [octets]);
}

/** Sends what a hop forges in the target's name. */
function answerForged(state: PathState, visit: Visit, answers: readonly Uint8Array[]): Answer[] {
  const { hop, passing, addressed } = visit;
  if (isLost(state, hop) || forgedTtl(visit) < 1) return [];
  const responder = addressed.destination;
  const made = answers.map((octets) => withStack(state, hop, octets));
  return emit(state, { node: hop, probe: passing, responder, afterMs: delayOf(state, hop) }, made);
}

function forgedTtl({ hop, index, passing, targetTtl }: Visit): number {
  if (hop.rst_ttl === 'mirror') return passing.ttl - 1 - index;
  return hop.rst_ttl === 'target' ? targetTtl : (hop.rst_ttl ?? routerTtl(index));
}

/** Routers send with TTL 255, and each one on the way back takes one. */
function routerTtl(index: number): number {
  return 255 - index;
}

/** Draws whether what a hop answers does not arrive: it is silent, or the path loses it. */
export function isLost({ random }: PathState, { silent = false, loss = 0 }: HopFormat): boolean {
  return silent || (loss > 0 && random() < loss);
}

/** Draws the round trip to a hop, in milliseconds. */
export function delayOf({ random }: PathState, { delay = 0, jitter = 0 }: HopFormat): number {
  return jitter > 0 ? delay + jitter * random() : delay;
}
