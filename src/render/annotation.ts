/** The letters behind a round-trip time, such as `!X`: one table for each dialect and family. */
import type { Family } from '../model/address.ts';
import type { Outcome } from '../model/outcome.ts';
import type { ReplyKind } from '../model/reply.ts';
import {
  ICMPV4_UNREACHABLE,
  ICMPV6_PORT_UNREACHABLE,
  ICMPV6_UNRECOGNISED_NEXT_HEADER,
} from '../wire/codes.ts';

/** The command whose letters are used. */
export type AnnotationStyle = 'bsd' | 'tcptraceroute';

/** Letters of the ICMP destination unreachable codes (RFC 792, RFC 1122, RFC 1812); '' prints nothing. */
const ICMPV4_LETTERS: Record<AnnotationStyle, Readonly<Record<number, string>>> = {
  bsd: {
    0: '!N', // network
    1: '!H', // host
    2: '!P', // protocol
    3: '', // port: the target
    5: '!S', // source route failed
    6: '!U', // network unknown
    7: '!W', // host unknown
    8: '!I', // source host isolated
    9: '!A', // network prohibited
    10: '!Z', // host prohibited
    11: '!Q', // network, for this type of service
    12: '!T', // host, for this type of service
    13: '!X', // administratively filtered
    14: '!V', // host precedence violation
    15: '!C', // precedence cutoff
  },
  tcptraceroute: {
    0: '!N',
    1: '!H',
    2: '!P',
    3: '!p',
    5: '!S',
    6: '!U',
    7: '!U',
    8: '!I',
    9: '!A',
    10: '!C',
    11: '!T',
    12: '!T',
    13: '!A',
  },
};

/** Letters of the ICMPv6 destination unreachable codes. RFC 4443 section 3.1. */
const ICMPV6_LETTERS: Readonly<Record<number, string>> = {
  0: '!N', // no route
  1: '!X', // administratively prohibited
  2: '!S', // beyond scope of the source
  3: '!H', // address
  5: '!A', // source failed ingress or egress policy
  6: '!R', // reject route
};

/** Port unreachable, which the target itself says. Only tcptraceroute shows it. RFC 4443 section 3.1. */
const PORT_LETTERS: Record<AnnotationStyle, string> = { bsd: '', tcptraceroute: '!p' };

/**
 * The letters for a reply; '' for time exceeded and for an answer of the target. A code that has no letters is shown
 * as its number: `!<16>`.
 */
export function annotationOf(kind: ReplyKind, family: Family, style: AnnotationStyle): string {
  switch (kind.type) {
    case 'time-exceeded':
    case 'answer':
      return '';
    case 'too-big':
      return `!F-${kind.nextHopMtu}`;
    case 'parameter-problem':
      return kind.code === ICMPV6_UNRECOGNISED_NEXT_HEADER ? '!P' : `!<4-${kind.code}>`;
    case 'unreachable':
      return family === 4 ? icmpv4Annotation(kind, style) : icmpv6Annotation(kind.code, style);
  }
}

/** The letters for the reply of an outcome: besides, `!p` for a router that answers port unreachable in the target's place. */
export function lettersOf(
  { reply, reach }: Pick<Outcome & { status: 'replied' }, 'reply' | 'reach'>,
  family: Family,
  style: AnnotationStyle,
): string {
  return annotationOf(reply.kind, family, style) || (reach === 'refused' ? '!p' : '');
}

function icmpv6Annotation(code: number, style: AnnotationStyle): string {
  return code === ICMPV6_PORT_UNREACHABLE ? PORT_LETTERS[style] : (ICMPV6_LETTERS[code] ?? `!<${code}>`);
}

function icmpv4Annotation(
  { code, nextHopMtu }: ReplyKind & { type: 'unreachable' },
  style: AnnotationStyle,
): string {
  if (code === ICMPV4_UNREACHABLE.fragmentationNeeded)
    return style === 'bsd' ? `!F-${nextHopMtu ?? 0}` : '!F';
  return ICMPV4_LETTERS[style][code] ?? `!<${code}>`;
}
