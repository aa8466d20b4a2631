/**
 * The traits of a kind of probe: all that verdicts, rules, sentences, sockets and help know of it. Each probe declares
 * its own, so that no other room has to know its name.
 */
import type { Family } from './address.ts';
import type { ControlBits } from './control-bits.ts';
import type { Plan, ProbeRequest } from './plan.ts';
import type { TcpState } from './reply.ts';
import type { RuleLanguage } from './rule-language.ts';

/** What an ICMP error complains of. */
export type Complaint = 'port' | 'protocol' | 'other';

/** States of a probe that the target has answered: its port accepts, its port refuses, or no port is in question. */
export type ArrivedState = 'open' | 'closed' | 'reached';

/** A packet as filters and sentences see it. */
export interface PacketFacts {
  readonly family: Family;
  /** The number of its IP protocol, 1 to 255. */
  readonly protocol: number;
  /** Control bits; of no meaning where the probe type has none. */
  readonly tcpFlags: number;
}

/** The words that a rule language has for the packets of a probe. */
export interface FilterWords {
  /** Its name for the protocol; absent where it knows that by its number alone. */
  readonly name?: string;
  /** Whether it matches the ports of the protocol. */
  readonly matchesPort: boolean;
  /** A further match of the probe. */
  readonly match?: string;
  /** A further match of what the target itself answers. */
  readonly answerMatch?: string;
  /** A filter that keeps state does not take the probe for the beginning of anything, so it does not know its answers. */
  readonly isUntracked?: true;
  /** What a rule cannot say, or what else is in its way: one line. */
  readonly note?: string;
}

/** Control bits of a header, and what they mean. */
interface FlagTraits {
  /** In the order in which they are written: `tcp/443:syn+ecn`. */
  readonly names: ControlBits;
  /** The bits of a probe for which none were asked. */
  readonly initial: number;
  /** Tells whether a packet with these bits opens a connection, and does not claim to be part of one. */
  opens(flags: number): boolean;
  /** Tells whether filters that keep state take such a packet for the first of a connection, or for part of one. */
  isTracked(flags: number): boolean;
}

/** The socket that serves a kind of probe without rights, and what it cannot do. */
export interface PlainSocket {
  /** UDP's and its kin, the kernel's ping socket, or a connect. */
  readonly kind: 'datagram' | 'echo' | 'connection';
  /** Options of a whole run that it cannot honour: `-x` leaves checksums out, `--dnat` reports rewritten quotes. */
  readonly lacks: readonly ('-x' | '--dnat')[];
  /** What it cannot do for this probe, in the user's words; undefined when it can do all. */
  beyond?(
    plan: Pick<Plan, 'length' | 'sourcePort'>,
    probe: Pick<ProbeRequest, 'tcpFlags'>,
  ): string | undefined;
}

/** The traits of one kind of probe. */
export interface ProbeTraits {
  /** Whether octets 0 to 3 of its header are a source and a destination port. */
  readonly hasPorts: boolean;
  /** How each rule language names it. */
  readonly filters: Readonly<Record<RuleLanguage, (packet: PacketFacts) => FilterWords>>;
  /**
   * The complaints with which the target itself answers a probe that has reached it. One that is not among them comes
   * from a filter: no host without one says `protocol unreachable` of a protocol that every host has (RFC 1122).
   */
  readonly targetComplaints: readonly Complaint[];
  /** The state that an answer in the probe's own protocol shows. */
  answerState(tcp: TcpState | undefined, tcpFlags: number): ArrivedState;
  /** Such an answer in a sentence: `echo reply`. */
  answerName(tcp: TcpState | undefined): string;
  /** The flow in a sentence, before `from ADDRESS to ADDRESS`: `TCP (SYN)`. */
  flowName(packet: PacketFacts): string;
  /** Its control bits, where it has such. */
  readonly flags?: FlagTraits;
  /** The socket that serves it without rights, or `raw` where there is none. */
  readonly socket: 'raw' | PlainSocket;
  /** Octets behind its header in a matrix when the user gives no length; absent: as many as a trace has. */
  readonly matrixPayload?: number;
  /** Tells whether all probes of a request ask for one and the same connection; absent: they never do. */
  asksForOneConnection?(probe: ProbeRequest): boolean;
  /** Whether the target's port is shown with the name of its service. */
  readonly showsService: boolean;
}
