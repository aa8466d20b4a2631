/** The replies that a host itself gives to a probe that has reached it. */
import type { Family } from '../model/address.ts';
import type { Complaint, ProbeTraits } from '../model/probe-traits.ts';
import type { ReplyKind } from '../model/reply.ts';
import {
  ICMPV4_UNREACHABLE,
  ICMPV6_HOST_LOST,
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

/** Unreachable codes by which a router says that it knows no way to the host, or that the host is not there. */
const LOST_CODES: Readonly<Record<Family, ReadonlySet<number>>> = {
  4: new Set([
    ICMPV4_UNREACHABLE.network,
    ICMPV4_UNREACHABLE.host,
    ICMPV4_UNREACHABLE.networkUnknown,
    ICMPV4_UNREACHABLE.hostUnknown,
  ]),
  6: new Set([ICMPV6_HOST_LOST.noRoute, ICMPV6_HOST_LOST.address]),
};

/** Tells whether an ICMP error says that the host cannot be found. A filter may say so too. */
export function saysLost(kind: ReplyKind, family: Family): boolean {
  return kind.type === 'unreachable' && LOST_CODES[family].has(kind.code);
}

/** Tells whether a host without any filter gives this reply to such a probe that has reached it. */
export function isNaturalAnswer(kind: ReplyKind, { targetComplaints }: ProbeTraits, family: Family): boolean {
  return kind.type === 'answer' || targetComplaints.includes(complaintOf(kind, family));
}
