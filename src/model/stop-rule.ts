/** When a hop is the last of a trace. */
import type { ReplyKind } from './reply.ts';

/**
 * `bsd`: the target answered, or all probes of a hop but one were refused, as BSD traceroute has it;
 * `first-refusal`: a single refusal is enough, as tcptraceroute has it.
 */
export type StopRule = 'bsd' | 'first-refusal';

/** What a reply says of the journey: on its way, at its end, or ended before it. */
export type Progress = 'transit' | 'arrived' | 'refused';

/** Destination unreachable codes that only the target itself sends: protocol and port. RFC 1122 section 3.2.2.1. */
const ARRIVAL_CODES: ReadonlySet<number> = new Set([2, 3]);
/** Port unreachable of ICMPv6. RFC 4443 section 3.1. */
const ARRIVAL_CODE_V6 = 4;
/** Unrecognised next header: the target has no such protocol. RFC 4443 section 3.4. */
const ARRIVAL_PARAMETER_PROBLEM = 1;

/** What `kind` says of the journey, in an IPv4 or IPv6 trace. */
export function progressOf(kind: ReplyKind, family: 4 | 6): Progress {
  switch (kind.type) {
    case 'time-exceeded':
      return 'transit';
    case 'answer':
      return 'arrived';
    case 'unreachable':
      return (family === 4 ? ARRIVAL_CODES.has(kind.code) : kind.code === ARRIVAL_CODE_V6)
        ? 'arrived'
        : 'refused';
    case 'too-big':
      return 'refused';
    case 'parameter-problem':
      return kind.code === ARRIVAL_PARAMETER_PROBLEM ? 'arrived' : 'refused';
  }
}

/** The reason for which a hop with these replies ends the trace, or undefined when it goes on. */
export function endOfTrace(
  rule: StopRule,
  replies: readonly Progress[],
  attempts: number,
): 'reached' | 'refused' | undefined {
  if (replies.includes('arrived')) return 'reached';
  const refused = replies.filter((progress) => progress === 'refused').length;
  const needed = rule === 'bsd' ? Math.max(1, attempts - 1) : 1;
  return refused >= needed ? 'refused' : undefined;
}
