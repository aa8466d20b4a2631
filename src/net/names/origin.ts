/** Which AS originates an address's prefix. */
import { Address4, Address6 } from 'ip-address';
import { familyOf, isPrivateUse, type Address } from '../../model/address.ts';

/** That an AS originates a prefix which covers the address. */
export interface OriginClaim {
  readonly asNumber: number;
  /** In bits. */
  readonly prefixLength: number;
}

const MOST_AS_NUMBER = 0xffffffff; // RFC 6793

/** The AS number in decimal at the start of `text`, or undefined. */
export function asNumberOf(text: string): number | undefined {
  const number = Number(/^\d{1,10}(?!\d)/.exec(text)?.[0] ?? NaN);
  return number <= MOST_AS_NUMBER ? number : undefined;
}

/** The length of a prefix in CIDR notation; 0 where it has none. */
export function prefixLengthOf(prefix: string): number {
  return Number(/\/(\d{1,3})$/.exec(prefix)?.[1] ?? 0);
}

/** The AS of the most specific prefix, of equals the first; undefined of none. */
export function mostSpecificOrigin(claims: readonly OriginClaim[]): number | undefined {
  return claims.toSorted((a, b) => b.prefixLength - a.prefixLength)[0]?.asNumber;
}

/** Special-purpose addresses that no AS originates, beside RFC 1918. RFC 6890 and RFC 5771. */
const LOCAL_4 = ['0.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];
/** RFC 4291 sections 2.5 and 2.7, RFC 4193. */
const LOCAL_6 = ['::/127', 'fc00::/7', 'fe80::/10', 'ff00::/8'];

/** Whether an address is of this machine, link or site, or a group's: nobody else knows its AS. */
export function isLocalUse(address: Address): boolean {
  if (familyOf(address) === 4) {
    return (
      isPrivateUse(address) || LOCAL_4.some((block) => new Address4(address).isInSubnet(new Address4(block)))
    );
  }
  const host = new Address6(address.replace(/%.*/, ''));
  return LOCAL_6.some((block) => host.isInSubnet(new Address6(block)));
}
