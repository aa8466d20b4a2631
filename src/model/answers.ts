/** The replies that a host itself gives to a probe that has reached it. */
import { sameHost, type Address, type Family } from './address.ts';
import type { Complaint, ProbeTraits } from './probe-traits.ts';
import type { Reply, ReplyKind } from './reply.ts';
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

/** Tells whether an ICMP error says that the packet is longer than the next link takes. RFC 1191, RFC 8201 */
export function saysTooBig(kind: ReplyKind): boolean {
  return kind.type === 'too-big' || (kind.type === 'unreachable' && kind.nextHopMtu !== undefined);
}

/**
 * Whose word an answer is that ends a trace. `own`: the target's. `doubtful`: the target's, from another address of its
 * own, or that of a router in its place. `foreign`: a filter's, for no host says this by itself to such a probe. `station`: that
 * of a station of the source route, which took the probe for its own.
 */
export type Claim = 'own' | 'doubtful' | 'foreign' | 'station';

/** What is known of a trace's target beforehand. */
export interface Target {
  readonly address: Address;
  /** The stations of a source route, mostly none. RFC 791 section 3.1. */
  readonly stations: readonly Address[];
  readonly family: Family;
  readonly traits: Pick<ProbeTraits, 'targetComplaints'>;
}

/** Reads from the responder and the kind of a reply whose word it is. */
export function claimOf({ kind, responder }: Pick<Reply, 'kind' | 'responder'>, target: Target): Claim {
  if (kind.type === 'answer' || sameHost(responder, target.address)) return 'own';
  if (target.stations.includes(responder)) return 'station';
  return isNaturalAnswer(kind, target.traits, target.family) ? 'doubtful' : 'foreign';
}

/** Tells whether a host without any filter gives this reply to such a probe that has reached it. */
export function isNaturalAnswer(
  kind: ReplyKind,
  { targetComplaints }: Pick<ProbeTraits, 'targetComplaints'>,
  family: Family,
): boolean {
  return kind.type === 'answer' || targetComplaints.includes(complaintOf(kind, family));
}
