/** The contract of a probe: the one file in which probes/ and the engine meet. */
import type { Family } from '../model/address.ts';
import type { Flow } from '../model/flow.ts';
import type { ProbeTraits } from '../model/probe-traits.ts';
import type { Probe } from '../model/probe.ts';
import type { QuotedField, TcpState } from '../model/reply.ts';

/** The probe that an ICMP error quotes. */
export interface QuotedMatch {
  /** Of the probe, from 1 on. */
  readonly sequence: number;
  /** The quoted destination port, where it is another one than the probe was sent to. */
  readonly translatedPort?: number;
  /**
   * The probe that the quote's other name tells, its IPv4 identification or the like, where that is another one. It is the
   * one quoted if it repeats the probe of `sequence`, or if that was never sent.
   */
  readonly named?: number;
  /** The fields by which the quote is no probe's: a box has rewritten them. The quote's other name tells the probe. */
  readonly differs?: readonly QuotedField[];
}

/** The probe that a reply in its own protocol answers. */
export interface DirectMatch {
  /** Absent where the answer belongs to this flow, but does not tell to which of its probes. */
  readonly sequence?: number;
  /** The state of the port, where the answer is TCP's. */
  readonly tcp?: TcpState;
}

/** A kind of probe. It builds octets, and knows the replies to them. All of it is pure. */
export interface ProbeType {
  /** Its key in the registry and on command lines. */
  readonly name: string;
  /** One line for help, without a full stop. */
  readonly summary: string;
  /** Octets that `build` writes before the payload. */
  readonly headerLength: number;
  /** Octets of the smallest probe, from the transport header on. */
  readonly minimumLength: number;
  /** A probe's length is a multiple of this many octets. */
  readonly lengthUnit: number;
  /** The port when nobody names one; 0 where a port means nothing. */
  readonly defaultPort: number;
  /** All that other rooms know of it: for filters, verdicts, sentences and sockets. */
  readonly traits: ProbeTraits;
  /** The names of the first octets, two characters each, above a dump of them in hexadecimal. */
  readonly fieldKey: string;
  /** The protocol among whose local ports the flow's `ident` has to be reserved. */
  readonly reservedPort?: 'tcp' | 'udp';
  /**
   * Where the transport header has 16 bits that are the flow's `ident`, or count up from it with the sequence: the offset
   * in a probe, and in the target's answer. The system may keep back every packet without such bits there.
   */
  readonly identOffset?: { readonly probe: number; readonly answer?: number };
  /**
   * An answer counts from whatever address: it names the probe by numbers that others cannot know. It gives the payload of the
   * probe back, from the same offset on.
   */
  readonly answersFromAnywhere?: boolean;
  /** `identifyQuoted` compares 32 bits that are drawn for each run: a match that differs in no `sequence` has them all. */
  readonly quotesNumber?: boolean;
  /** The families over which it can keep a Paris flow and yet tell its probes apart; absent: none. */
  readonly parisFamilies?: readonly Family[];
  /** The number of its IP protocol. `requested` is the number that the user gave, which only the type for any protocol takes. */
  ipProtocol(family: Family, requested: number): number;
  /** Builds the transport header and what follows it. `payload` fills the probe up to its length. */
  build(probe: Probe, flow: Flow, payload: Uint8Array): Uint8Array;
  /**
   * Finds the probe that began with these quoted octets; undefined when no probe of this flow did.
   * The 8 octets that RFC 792 guarantees are enough.
   * What has another flow's ident, or its ports, is none of this flow, however short it is: that comes first.
   * @param identification - of the quoted IPv4 header: the flow's ident and the sequence, where the octets do not tell it
   * @param payloadLength - of the probes of this flow, in octets; absent where nobody knows
   * @throws WireError when there are too few octets to tell
   */
  identifyQuoted(
    octets: Uint8Array,
    flow: Flow,
    identification?: number,
    payloadLength?: number,
  ): QuotedMatch | undefined;
  /**
   * Finds the probe that a message from the target answers; undefined when it answers none of this flow.
   * `octets` begin at the transport header (for echo, the ICMP header).
   * @param payloadLength - of the probes of this flow, in octets; 0 when absent
   * @throws WireError when the message is truncated or malformed
   */
  identifyDirect?(octets: Uint8Array, flow: Flow, payloadLength?: number): DirectMatch | undefined;
}
