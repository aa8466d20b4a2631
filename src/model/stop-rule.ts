/** When a hop is the last of a trace. */
import {
  ICMPV4_UNREACHABLE,
  ICMPV6_PORT_UNREACHABLE,
  ICMPV6_UNRECOGNISED_NEXT_HEADER,
} from '../wire/codes.ts';
import type { Family } from './address.ts';
import type { ReplyKind } from './reply.ts';

/**
 * `bsd`: the target answered, or all probes of a hop but one were refused, as BSD traceroute has it;
 * `first-refusal`: a single refusal is enough, as tcptraceroute has it.
 */
export type StopRule = 'bsd' | 'first-refusal';

/** What a reply says of the journey: on its way, at its end, or ended before it. */
export type Reach = 'transit' | 'arrived' | 'refused';

/** Unreachable codes that only the target itself sends. RFC 1122 section 3.2.2.1, RFC 4443 section 3.1. */
const ARRIVAL_CODES: Readonly<Record<Family, ReadonlySet<number>>> = {
  4: new Set([ICMPV4_UNREACHABLE.protocol, ICMPV4_UNREACHABLE.port]),
  6: new Set([ICMPV6_PORT_UNREACHABLE]),
};

/** What `kind` says of the journey, in an IPv4 or IPv6 trace. */
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
      // the target has no such protocol
      return kind.code === ICMPV6_UNRECOGNISED_NEXT_HEADER ? 'arrived' : 'refused';
  }
}

/** The reason for which a hop with these replies ends the trace, or undefined when it goes on. */
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
