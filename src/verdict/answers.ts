/** The replies that a host itself gives to a probe that has reached it. */
import type { Family } from '../model/address.ts';
import type { Complaint, ProbeTraits } from '../model/probe-traits.ts';
import type { ReplyKind } from '../model/reply.ts';
import {
  ICMPV4_UNREACHABLE,
  ICMPV6_PORT_UNREACHABLE,
  ICMPV6_UNRECOGNISED_NEXT_HEADER,
} from '../wire/codes.ts';

/** Reads from an ICMP error what it complains of. */
export function complaintOf(kind: ReplyKind, family: Family): Complaint {
  if (kind.type === 'parameter-problem')
    return kind.code === ICMPV6_UNRECOGNISED_NEXT_HEADER ? 'protocol' : 'other';
  if (kind.type !== 'unreachable') return 'other';
  if (family === 6) return kind.code === ICMPV6_PORT_UNREACHABLE ? 'port' : 'other';
  if (kind.code === ICMPV4_UNREACHABLE.port) return 'port';
  return kind.code === ICMPV4_UNREACHABLE.protocol ? 'protocol' : 'other';
}

/** Tells whether a host without any filter gives this reply to such a probe that has reached it. */
export function isNaturalAnswer(kind: ReplyKind, { targetComplaints }: ProbeTraits, family: Family): boolean {
  return kind.type === 'answer' || targetComplaints.includes(complaintOf(kind, family));
}
