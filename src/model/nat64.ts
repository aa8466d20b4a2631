/** IPv4 addresses embedded in IPv6 ones by NAT64. RFC 6052 section 2. */
import { octetsOf, parseAddress, type Address } from './address.ts';

/** A prefix behind which a translator puts IPv4 addresses. */
export interface Nat64Prefix {
  readonly octets: Uint8Array;
  readonly bits: number;
}

/** The prefix lengths that there are. RFC 6052 section 2.2. */
const PREFIX_BITS: readonly number[] = [32, 40, 48, 56, 64, 96];
/** The octet that is zero and holds none of the address, whatever the prefix. RFC 6052 section 2.2. */
const RESERVED_OCTET = 8;

/** The prefix that needs no announcement. RFC 6052 section 2.1. */
export const WELL_KNOWN_PREFIX: Nat64Prefix = { octets: octetsOf('64:ff9b::'), bits: 96 };

/** Reads `2001:db8:64::/96`; undefined when it is no prefix of a length that RFC 6052 has. */
export function parseNat64Prefix(text: string): Nat64Prefix | undefined {
  const [address = '', length = '', ...more] = text.split('/');
  const canonical = parseAddress(address);
  const bits = PREFIX_BITS.find((known) => String(known) === length);
  if (canonical === undefined || !canonical.includes(':') || bits === undefined || more.length > 0)
    return undefined;
  return { octets: octetsOf(canonical), bits };
}

/** The IPv4 address that `address` embeds behind one of the prefixes, if it does. */
export function embeddedIpv4(address: Address, prefixes: readonly Nat64Prefix[]): Address | undefined {
  if (!address.includes(':')) return undefined;
  const octets = octetsOf(address);
  const prefix = prefixes.find((candidate) => isBehind(octets, candidate));
  if (!prefix) return undefined;
  const places = Array.from(octets.keys()).slice(prefix.bits / 8);
  return places
    .filter((place) => place !== RESERVED_OCTET || prefix.bits === 96)
    .slice(0, 4)
    .map((place) => octets[place] ?? 0)
    .join('.');
}

function isBehind(octets: Uint8Array, { octets: prefix, bits }: Nat64Prefix): boolean {
  return octets.subarray(0, bits / 8).every((octet, index) => octet === prefix[index]);
}
