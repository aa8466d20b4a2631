/** The extension objects that a router adds to an ICMP error. RFC 4884 section 8. */
import type { Address } from './address.ts';

/** One label stack entry. RFC 3032 section 2.1. */
export interface MplsLabel {
  readonly label: number;
  readonly trafficClass: number;
  readonly bottomOfStack: boolean;
  readonly ttl: number;
}

/** The part that an interface had: the probe came in there, would have gone out, or it is the next hop's. RFC 5837 */
export type InterfaceRole = 'incoming' | 'sub-ip' | 'outgoing' | 'next-hop';

/** Class number and class type, as IANA has them in "ICMP Extension Object Classes". */
interface ObjectClass {
  readonly class: number;
  readonly type: number;
}

/** One extension object, by what is known of its class. */
export type IcmpExtension = ObjectClass &
  (
    | /** RFC 4950: the label stack, top first. */ {
        readonly kind: 'mpls';
        readonly labels: readonly MplsLabel[];
      }
    | /** RFC 5837. Members that the router does not tell are absent. */ {
        readonly kind: 'interface';
        readonly role: InterfaceRole;
        /** ifIndex, 32 bits. */
        readonly index?: number;
        readonly address?: Address;
        /** ifName as the router has it: it may hold any character. */
        readonly name?: string;
        /** In octets. */
        readonly mtu?: number;
      }
    | /** Of another class, or malformed. */ {
        readonly kind: 'other';
        /** The octets after the object's header. */
        readonly octets: Uint8Array;
      }
  );
