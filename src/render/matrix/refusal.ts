/** Refusals in letters and words. */
import type { Family } from '../../model/address.ts';
import type { ReplyKind } from '../../model/reply.ts';
import { annotationOf } from '../annotation.ts';

/** Destination unreachable, by code. RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1. */
const ICMPV4_WORDS: Readonly<Record<number, string>> = {
  0: 'network unreachable',
  1: 'host unreachable',
  2: 'protocol unreachable',
  3: 'port unreachable',
  4: 'fragmentation needed',
  5: 'source route failed',
  6: 'network unknown',
  7: 'host unknown',
  8: 'source host isolated',
  9: 'network administratively prohibited',
  10: 'host administratively prohibited',
  11: 'network unreachable for this type of service',
  12: 'host unreachable for this type of service',
  13: 'administratively prohibited',
  14: 'host precedence violation',
  15: 'precedence cutoff in effect',
};

/** Destination unreachable of ICMPv6, by code. RFC 4443 section 3.1. */
const ICMPV6_WORDS: Readonly<Record<number, string>> = {
  0: 'no route to the destination',
  1: 'administratively prohibited',
  2: 'beyond the scope of the source address',
  3: 'address unreachable',
  4: 'port unreachable',
  5: 'source address failed policy',
  6: 'route rejected',
};

/** Parameter problems of ICMPv6, by code. RFC 4443 section 3.4. */
const PARAMETER_PROBLEM_WORDS: Readonly<Record<number, string>> = {
  0: 'erroneous header field',
  1: 'unrecognised next header',
  2: 'unrecognised option',
};

/** The letters of an error; '' for no error. Where the traditional letters are none, since the target sends it, `!p`. */
export function refusalLetters(kind: ReplyKind, family: Family): string {
  if (kind.type === 'time-exceeded' || kind.type === 'answer') return '';
  return annotationOf(kind, family, 'bsd') || '!p';
}

/** The words for an error; '' for no error. */
export function refusalWords(kind: ReplyKind, family: Family): string {
  switch (kind.type) {
    case 'time-exceeded':
    case 'answer':
      return '';
    case 'too-big':
      return `packet too big, next MTU ${kind.nextHopMtu}`;
    case 'parameter-problem':
      return PARAMETER_PROBLEM_WORDS[kind.code] ?? `parameter problem, code ${kind.code}`;
    case 'unreachable':
      return (family === 4 ? ICMPV4_WORDS : ICMPV6_WORDS)[kind.code] ?? `unreachable, code ${kind.code}`;
  }
}
