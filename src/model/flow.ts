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
  /** The IP protocol number, where the probe type leaves it open. */
  readonly protocol: number;
  /** False: transport checksums are left 0. */
  readonly checksums: boolean;
}
