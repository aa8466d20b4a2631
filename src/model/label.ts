import type { Address } from './address.ts';

/** What is known of a responder beside its address. */
export interface Label {
  /** Undefined: shown by its address. */
  readonly name?: string;
  /** 0 when nobody knows it; undefined when it was not asked for. */
  readonly asNumber?: number;
  /** The IPv4 address that a NAT64 responder's address holds. */
  readonly embedded?: Address;
}
