/** Finds the AS that originates an address's prefix. */
import { Address4, Address6 } from 'ip-address';
import { familyOf, isPrivateUse, type Address } from '../../model/address.ts';

/** A claim that an AS originates a prefix of the address. */
export interface OriginClaim {
  readonly asNumber: number;
  /** In bits. */
  readonly prefixLength: number;
}

/** RFC 6793 */
const MOST_AS_NUMBER = 0xffffffff;

/** The AS number, in decimal, at the start of `text`; undefined when there is none, or one above 2^32 - 1. */
export function asNumberOf(text: string): number | undefined {
  const number = Number(/^\d{1,10}(?!\d)/.exec(text)?.[0] ?? NaN);
  return number <= MOST_AS_NUMBER ? number : undefined;
}

/** The length in bits of a prefix in CIDR notation; 0 when it names none. */
export function prefixLengthOf(prefix: string): number {
  return Number(/\/(\d{1,3})$/.exec(prefix)?.[1] ?? 0);
}

/** The AS of the most specific prefix. Of equal claims the first counts; undefined without any. */
export function mostSpecificOrigin(claims: readonly OriginClaim[]): number | undefined {
  return claims.toSorted((a, b) => b.prefixLength - a.prefixLength)[0]?.asNumber;
}

/** Special-purpose addresses that no AS originates, besides those of RFC 1918. RFC 6890, RFC 5771 */
const LOCAL_4 = ['0.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];
/** The same for IPv6. RFC 4291 sections 2.5 and 2.7, RFC 4193 */
const LOCAL_6 = ['::/127', 'fc00::/7', 'fe80::/10', 'ff00::/8'];

/** True for an address of this machine, link or site, and for a group's: nobody else knows its AS. */
export function isLocalUse(address: Address): boolean {
  if (familyOf(address) === 4) {
    return (
      isPrivateUse(address) || LOCAL_4.some((block) => new Address4(address).isInSubnet(new Address4(block)))
    );
  }
  const host = new Address6(address.replace(/%.*/, ''));
  return LOCAL_6.some((block) => host.isInSubnet(new Address6(block)));
}
