/** Finds the IPv4 addresses that NAT64 embeds in IPv6 ones. RFC 6052 section 2. */
import { octetsOf, parseAddress, type Address } from './address.ts';

/** A prefix that a translator puts before IPv4 addresses. */
export interface Nat64Prefix {
  readonly octets: Uint8Array;
  readonly bits: number;
}

/** The valid prefix lengths. RFC 6052 section 2.2. */
const PREFIX_BITS: readonly number[] = [32, 40, 48, 56, 64, 96];
/** The octet that is always zero and holds no part of the address. RFC 6052 section 2.2. */
const RESERVED_OCTET = 8;

/** 64:ff9b::/96, the prefix that needs no announcement. RFC 6052 section 2.1. */
export const WELL_KNOWN_PREFIX: Nat64Prefix = {
  octets: Uint8Array.of(0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), // 64:ff9b::
  bits: 96,
};

/** Reads a prefix such as `2001:db8:64::/96`; undefined when it is none, or of a length that RFC 6052 lacks. */
export function parseNat64Prefix(text: string): Nat64Prefix | undefined {
  const [address = '', length = '', ...more] = text.split('/');
  const canonical = parseAddress(address);
  const bits = PREFIX_BITS.find((known) => String(known) === length);
  if (canonical === undefined || !canonical.includes(':') || bits === undefined || more.length > 0)
    return undefined;
  return { octets: octetsOf(canonical), bits };
}

/** The IPv4 address behind the first of the prefixes that `address` has; undefined when it has none of them. */
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
