import type { Family } from './address.ts';

/** What all probes of one trace have in common, and by which their replies are known. */
export interface Flow {
  readonly family: Family;
  /** 4 or 16 octets, like `destination`. */
  readonly source: Uint8Array;
  /** The target, also where a source route sends the datagram elsewhere first. */
  readonly destination: Uint8Array;
  /** Unpredictable for others: source port, ICMP identifier or its like. 16 bits. */
  readonly ident: number;
  /** The base of the destination ports; for GRE the protocol type. 16 bits. */
  readonly port: number;
  /** All probes go to `port` itself. */
  readonly fixedPort: boolean;
  /**
   * Paris traceroute's: what load balancers hash stays the same, so that all probes take one way. The ports are fixed
   * and so is the ICMP checksum. Only where the probe type's `parisFamilies` has the family.
   */
  readonly paris?: boolean;
  /** TCP alone: the source port tells probes apart. */
  readonly portPerProbe: boolean;
  /** TCP alone: control bits. RFC 9293 section 3.1. */
  readonly tcpFlags: number;
  /** TCP alone: where this run's sequence numbers begin. 32 bits. */
  readonly initialSequence: number;
  /** The IP protocol, where the probe type does not fix it. */
  readonly protocol: number;
  /** Whether transport checksums are filled in. */
  readonly checksums: boolean;
}
