/** The IP protocols whose messages a trace needs to hear. */
import type { Family } from '../model/address.ts';
import { IP_PROTOCOL } from '../wire/codes.ts';

/** The protocol of each family's error messages. */
export const ICMP_OF: Readonly<Record<Family, number>> = { 4: IP_PROTOCOL.icmp, 6: IP_PROTOCOL.icmpv6 };

/** The family's ICMP, then those of `protocols`, each once. */
export function heardProtocols(family: Family, protocols: readonly number[]): readonly number[] {
  return [...new Set([ICMP_OF[family], ...protocols])];
}
