/** One probe of a trace: one datagram. */
export interface Probe {
  /** TTL or hop limit it is sent with, 1 to 255. */
  readonly ttl: number;
  /** Its ordinal among the probes of that TTL, from 0. */
  readonly attempt: number;
  /** Its ordinal in the trace, from 1. A probe that is sent again gets a new one, above those of all first sendings. */
  readonly sequence: number;
  /**
   * The sequence of the probe that it repeats octet by octet, TTL and name in the IP header aside, where it has no number of
   * its own. Only TCP's do.
   */
  readonly repeats?: number | undefined;
}
