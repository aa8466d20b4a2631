/** Decides which hop is the last of a trace. */
import {
  ICMPV4_UNREACHABLE,
  ICMPV6_PORT_UNREACHABLE,
  ICMPV6_UNRECOGNISED_NEXT_HEADER,
} from '../wire/codes.ts';
import type { Family } from './address.ts';
import type { ReplyKind } from './reply.ts';

/**
 * The refusals of one hop that end a trace. `bsd`: all its probes but one, as in BSD traceroute. `first-refusal`: a single
 * one, as in tcptraceroute. `proven-refusal`: a single one of whoever has answered at another hop too, for some routers say
 * "unreachable" where they mean time exceeded. Under all rules an answer of the target ends it.
 */
export type StopRule = 'bsd' | 'first-refusal' | 'proven-refusal';

/** How far a probe got by its reply: on the way, to the target, or refused before it. */
export type Reach = 'transit' | 'arrived' | 'refused';

/** Unreachable codes that only the target itself sends. RFC 1122 section 3.2.2.1, RFC 4443 section 3.1. */
const ARRIVAL_CODES: Readonly<Record<Family, ReadonlySet<number>>> = {
  4: new Set([ICMPV4_UNREACHABLE.protocol, ICMPV4_UNREACHABLE.port]),
  6: new Set([ICMPV6_PORT_UNREACHABLE]),
};

/** Tells from a reply how far its probe got. */
export function reachOf(kind: ReplyKind, family: Family): Reach {
  switch (kind.type) {
    case 'time-exceeded':
      return 'transit';
    case 'answer':
      return 'arrived';
    case 'unreachable':
      return ARRIVAL_CODES[family].has(kind.code) ? 'arrived' : 'refused';
    case 'too-big':
      return 'refused';
    case 'parameter-problem':
      // the target itself says that it has no such protocol
      return kind.code === ICMPV6_UNRECOGNISED_NEXT_HEADER ? 'arrived' : 'refused';
  }
}

/**
 * The reason why a hop with these replies ends the trace; undefined when the trace goes on.
 * @param attempts - probes sent to each hop, at least 1
 */
export function endOfTrace(
  rule: StopRule,
  replies: readonly Reach[],
  attempts: number,
): 'reached' | 'refused' | undefined {
  if (replies.includes('arrived')) return 'reached';
  const refused = replies.filter((reach) => reach === 'refused').length;
  const needed = rule === 'bsd' ? Math.max(1, attempts - 1) : 1;
  return refused >= needed ? 'refused' : undefined;
}
