import type { Family } from './address.ts';

/** The fields that all probes of one trace have in common, and that identify their replies. */
export interface Flow {
  readonly family: Family;
  /** 4 or 16 octets, like `destination`. */
  readonly source: Uint8Array;
  /** The target, even where a source route sends the datagram elsewhere first. */
  readonly destination: Uint8Array;
  /** Source port, ICMP identifier or its like, which others cannot predict. 16 bits. */
  readonly ident: number;
  /** The first destination port, or GRE's protocol type. 16 bits. */
  readonly port: number;
  /** True: all probes go to `port` itself. */
  readonly fixedPort: boolean;
  /**
   * True for a Paris traceroute: the fields that load balancers hash stay the same, so that all probes take one way. Ports
   * and ICMP checksum are fixed. Only in a family that the probe type's `parisFamilies` has.
   */
  readonly paris?: boolean;
  /** TCP only. True: the source port tells probes apart. */
  readonly portPerProbe: boolean;
  /** TCP only: control bits. RFC 9293 section 3.1. */
  readonly tcpFlags: number;
  /** TCP only: the first sequence number of this run. 32 bits. */
  readonly initialSequence: number;
  /** From where the IPv4 identifications of this run count up, or what names probes in their place. 16 bits. */
  readonly firstIdentification: number;
  /** The IP protocol number, where the probe type leaves it open. */
  readonly protocol: number;
  /** False: transport checksums are left 0. */
  readonly checksums: boolean;
}

/** The numbers of 16 bits. */
const NUMBERS = 0x10000;
/** Linux gives a datagram without one an identification of its own choice. raw(7) */
const LEAST_IDENTIFICATION = 1;

/**
 * A number of 16 bits that names a probe of a flow. It counts up with the sequence, from where nobody can predict.
 * @param least - the smallest number to use; numbers from there on come again after as many probes
 */
export function nameOf({ firstIdentification }: Flow, sequence: number, least: number): number {
  return least + ((firstIdentification + sequence) % (NUMBERS - least));
}

/** The sequence of the probe with this name, from 1 on. @param least - as in `nameOf` */
export function sequenceNamed({ firstIdentification }: Flow, name: number, least: number): number {
  const count = NUMBERS - least;
  return (name - least - firstIdentification + 2 * count) % count || count;
}

/** The IPv4 identification of a probe, which is never 0. */
export function identificationOf(flow: Flow, sequence: number): number {
  return nameOf(flow, sequence, LEAST_IDENTIFICATION);
}

/** The sequence of the probe with this IPv4 identification. */
export function sequenceIdentified(flow: Flow, identification: number): number {
  return sequenceNamed(flow, identification, LEAST_IDENTIFICATION);
}
