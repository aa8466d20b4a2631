/** Which replies a host itself gives to a probe that has reached it. */
import type { Family } from '../model/address.ts';
import type { ReplyKind } from '../model/reply.ts';

/** Destination unreachable codes of protocol and port. RFC 792. */
const PROTOCOL_UNREACHABLE = 2;
const PORT_UNREACHABLE = 3;
/** Port unreachable of ICMPv6, and the parameter problem of a next header that nobody knows. RFC 4443. */
const PORT_UNREACHABLE_V6 = 4;
const UNRECOGNISED_NEXT_HEADER = 1;

/** Transports that answer for closed ports by ICMP: their own answer is an open one's. RFC 1122 4.1.3.1, RFC 3828. */
export const PORT_PROBES: readonly string[] = ['udp', 'udplite'];
/** Protocols that every host has: "protocol unreachable" for them comes from a filter. RFC 1122. */
const UNIVERSAL_PROBES: readonly string[] = ['tcp', 'udp', 'icmp'];

/** What an unreachable or its kin complains of. */
export type Complaint = 'port' | 'protocol' | 'other';

/** What an error complains of. */
export function complaintOf(kind: ReplyKind, family: Family): Complaint {
  if (kind.type === 'parameter-problem') return kind.code === UNRECOGNISED_NEXT_HEADER ? 'protocol' : 'other';
  if (kind.type !== 'unreachable') return 'other';
  if (family === 6) return kind.code === PORT_UNREACHABLE_V6 ? 'port' : 'other';
  if (kind.code === PORT_UNREACHABLE) return 'port';
  return kind.code === PROTOCOL_UNREACHABLE ? 'protocol' : 'other';
}

/** Whether a host without any filter would give this reply to a probe of this type that reached it. */
export function isNaturalAnswer(kind: ReplyKind, probeName: string, family: Family): boolean {
  if (kind.type === 'answer') return true;
  const complaint = complaintOf(kind, family);
  if (complaint === 'port') return PORT_PROBES.includes(probeName);
  return complaint === 'protocol' && !UNIVERSAL_PROBES.includes(probeName);
}
