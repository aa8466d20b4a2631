/** Makes the names under which the DNS has addresses. */
import { familyOf, octetsOf, type Address } from '../../model/address.ts';

/** An address's octets (IPv4) or nibbles (IPv6) as labels, the last one first. */
export function reversedLabels(address: Address): string {
  const octets = [...octetsOf(address)];
  if (familyOf(address) === 4) return octets.reverse().join('.');
  const digits = octets.map((octet) => octet.toString(16).padStart(2, '0')).join('');
  return Array.from(digits).reverse().join('.');
}

/** The name that owns the PTR records of an address. RFC 1035 section 3.5, RFC 3596 section 2.5 */
export function reverseName(address: Address): string {
  return `${reversedLabels(address)}.${familyOf(address) === 4 ? 'in-addr' : 'ip6'}.arpa`;
}
