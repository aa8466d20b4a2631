/** Which replies a host itself gives to a probe that has reached it. */
import type { Family } from '../model/address.ts';
import type { ReplyKind } from '../model/reply.ts';
import {
  ICMPV4_UNREACHABLE,
  ICMPV6_PORT_UNREACHABLE,
  ICMPV6_UNRECOGNISED_NEXT_HEADER,
} from '../wire/codes.ts';

/** Transports that answer for closed ports by ICMP: their own answer is an open one's. RFC 1122 4.1.3.1, RFC 3828. */
export const PORT_PROBES: readonly string[] = ['udp', 'udplite'];
/** Protocols that every host has: "protocol unreachable" for them comes from a filter. RFC 1122. */
const UNIVERSAL_PROBES: readonly string[] = ['tcp', 'udp', 'icmp'];

/** What an unreachable or its kin complains of. */
export type Complaint = 'port' | 'protocol' | 'other';

/** What an error complains of. */
export function complaintOf(kind: ReplyKind, family: Family): Complaint {
  if (kind.type === 'parameter-problem')
    return kind.code === ICMPV6_UNRECOGNISED_NEXT_HEADER ? 'protocol' : 'other';
  if (kind.type !== 'unreachable') return 'other';
  if (family === 6) return kind.code === ICMPV6_PORT_UNREACHABLE ? 'port' : 'other';
  if (kind.code === ICMPV4_UNREACHABLE.port) return 'port';
  return kind.code === ICMPV4_UNREACHABLE.protocol ? 'protocol' : 'other';
}

/** Whether a host without any filter would give this reply to a probe of this type that reached it. */
export function isNaturalAnswer(kind: ReplyKind, probeName: string, family: Family): boolean {
  if (kind.type === 'answer') return true;
  const complaint = complaintOf(kind, family);
  if (complaint === 'port') return PORT_PROBES.includes(probeName);
  return complaint === 'protocol' && !UNIVERSAL_PROBES.includes(probeName);
}
