/** The contract of a probe: the one place where probes/ and the engine meet. */
import type { Family } from '../model/address.ts';
import type { Flow } from '../model/flow.ts';
import type { ProbeTraits } from '../model/probe-traits.ts';
import type { Probe } from '../model/probe.ts';
import type { TcpState } from '../model/reply.ts';

/** A quote that is ours. */
export interface QuotedMatch {
  readonly sequence: number;
  /** The quoted destination port, where it is not the one this probe was sent to. */
  readonly translatedPort?: number;
}

/** A reply in the probe's own protocol that is ours. */
export interface DirectMatch {
  /** Absent where the answer is to this flow, and does not tell to which of its probes. */
  readonly sequence?: number;
  readonly tcp?: TcpState;
}

/** A kind of probe: how its octets are built and how a reply is known to be its own. Pure. */
export interface ProbeType {
  /** Its key in the registry and on command lines. */
  readonly name: string;
  /** One line for help, no full stop. */
  readonly summary: string;
  /** Octets that `build` writes before the payload. */
  readonly headerLength: number;
  /** Octets of the smallest probe, from the transport header on. */
  readonly minimumLength: number;
  /** A probe's length is a multiple of this many octets. */
  readonly lengthUnit: number;
  /** What `port` is when nobody says, 0 where it means nothing. */
  readonly defaultPort: number;
  /** What other rooms go by: filters, verdicts, sentences, sockets. */
  readonly traits: ProbeTraits;
  /** Names of the first octets, two characters each, for showing them in hexadecimal. */
  readonly fieldKey: string;
  /** Whose local ports the flow's `ident` is to be reserved among. */
  readonly reservedPort?: 'tcp' | 'udp';
  /**
   * Octets of the transport header where 16 bits are the flow's `ident`, or count up from it by the sequence: in a
   * probe, and in the target's answer. A system may keep back what has no such there.
   */
  readonly identOffset?: { readonly probe: number; readonly answer?: number };
  /** Over which families it can keep a Paris flow and yet tell its probes apart; none when absent. */
  readonly parisFamilies?: readonly Family[];
  /** The protocol number, given the number a generic probe was asked for. */
  ipProtocol(family: Family, requested: number): number;
  /** The transport header and what follows it. `payload` is what fills the probe up to its length. */
  build(probe: Probe, flow: Flow, payload: Uint8Array): Uint8Array;
  /**
   * Which probe these quoted octets began, or undefined when none of this flow.
   * Works on the 8 octets that RFC 792 guarantees.
   * @param identification - of the quoted IPv4 header: the flow's ident and the sequence, for what the octets do not tell
   * @throws WireError when there are too few octets to tell
   */
  identifyQuoted(octets: Uint8Array, flow: Flow, identification?: number): QuotedMatch | undefined;
  /**
   * Which probe a message from the target answers, or undefined when none of this flow.
   * `octets` begin at the transport header (for echo, the ICMP header).
   * @throws WireError when the message is truncated or malformed
   */
  identifyDirect?(octets: Uint8Array, flow: Flow): DirectMatch | undefined;
}
