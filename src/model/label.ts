import type { Address } from './address.ts';

/** The facts known of a responder besides its address. */
export interface Label {
  /** Its host name. Absent: it is shown by its address. */
  readonly name?: string;
  /** Its AS. 0 when nobody knows it; absent when it was not asked for. */
  readonly asNumber?: number;
  /** The IPv4 address that a NAT64 responder's address holds. */
  readonly embedded?: Address;
}
