/** The contract of the renderers of one trace: outcomes in, text out. */
import type { Address, Family } from '../model/address.ts';
import type { Label } from '../model/label.ts';
import type { Outcome, StopReason } from '../model/outcome.ts';

/** Everything about a trace that its text names besides its outcomes. */
export interface TraceFacts {
  readonly program: string;
  readonly family: Family;
  /** The name of the target that the resolver found, or the address that the user typed. */
  readonly host: string;
  /** The target as the user typed it. */
  readonly typedHost: string;
  readonly target: Address;
  readonly source: Address;
  /** The name of the source that the resolver found, where the user gave a source. */
  readonly givenSource?: string;
  /** Name of the interface that has the source address. */
  readonly device: string;
  /** The local port, where all probes leave from one. */
  readonly sourcePort?: number;
  /** The target port. */
  readonly port: number;
  /** The name of that port's service, where it has one. */
  readonly service?: string;
  readonly firstTtl: number;
  readonly maxTtl: number;
  /** Probes for each TTL. */
  readonly attempts: number;
  /** Octets of the whole datagram. */
  readonly length: number;
  /** The user chose that length. */
  readonly lengthGiven: boolean;
  /** Names of the transport header's first octets, two characters each. */
  readonly fieldKey: string;
  /** Name of the probe type. */
  readonly probe: string;
  /** The way that probes take to the wire. */
  readonly transport: string;
}

/** Text for the two streams; '' where there is none. */
export interface Rendered {
  readonly stdout: string;
  readonly stderr: string;
}

/** What speaks against the answer in the target's name that a trace ends with. */
export interface AnswerReport {
  /** The strongest first. */
  readonly doubts: readonly {
    readonly type: string;
    /** The probe whose answer it comes from; null where it comes from none. */
    readonly probe: string | null;
    readonly text: string;
  }[];
  /** A router that answers further on; absent where none surely contradicts the answer. */
  readonly contradiction?: { readonly from: Address; readonly ttl: number };
}

/** Makes text of one trace. It remembers the line that it is in, so each trace needs a renderer of its own. */
export interface Renderer {
  /** The text before the first hop, for standard error. */
  head(): string;
  /**
   * The text of one outcome. Outcomes come in the order of TTL and attempt.
   * @param label - the responder's; empty where nobody replied
   * @param sent - makes the probe's octets again, from the IP header on
   */
  outcome(outcome: Outcome, label: Label, sent: () => Uint8Array): Rendered;
  /** Takes what speaks against the target's answer, before the outcomes that have it where it is known by then. */
  judge(report: AnswerReport): void;
  /** The text about a message that belongs to no probe; none unless the user wants to see it. */
  foreign(message: ForeignMessage): Rendered;
  /** The text after the last hop. It ends a line that was begun. */
  end(reason: StopReason): Rendered;
}

/** Type and code of an ICMP message. RFC 792, RFC 4443 section 2.1. */
export interface IcmpKind {
  readonly type: number;
  readonly code: number;
}

/** A message that arrived and belongs to no probe. */
export interface ForeignMessage {
  readonly source: Address;
  /** The address that it was sent to, where the transport knows it. */
  readonly receivedBy?: Address;
  /** Why it is no reply. */
  readonly reason: string;
  /** The fault of a malformed message. */
  readonly detail?: string;
  /** The message, from its ICMP or transport header on. */
  readonly octets: Uint8Array;
  /** Type and code, where it is ICMP and can be read. */
  readonly icmp?: IcmpKind;
}

/** No text for either stream. */
export const NOTHING: Rendered = { stdout: '', stderr: '' };

/** As long as nothing speaks against an answer. */
export const UNDOUBTED: AnswerReport = { doubts: [] };
