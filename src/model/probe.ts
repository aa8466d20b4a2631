/** One datagram of a trace. */
export interface Probe {
  /** TTL or hop limit it is sent with, 1 to 255. */
  readonly ttl: number;
  /** Its ordinal among the probes of that TTL, from 0. */
  readonly attempt: number;
  /** Its ordinal in the trace, from 1: it depends on TTL and attempt alone. */
  readonly sequence: number;
}
