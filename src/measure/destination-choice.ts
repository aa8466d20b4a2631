/** Chooses the address of a name to trace to, as the system chooses for its own connections. RFC 6724. */
import { familyOf, octetsOf, type Address } from '../model/address.ts';

/** An address, and the source that routing chooses towards it if there is a route. */
export interface Candidate {
  readonly address: Address;
  readonly source?: Address;
}

/** Precedence and label of a prefix. RFC 6724 section 2.1; IPv4 counts as ::ffff:0:0/96. */
interface Policy {
  readonly prefix: Address;
  readonly bits: number;
  readonly precedence: number;
  readonly label: number;
}

const IPV4_POLICY = { precedence: 35, label: 4 };
const POLICIES: readonly Policy[] = [
  { prefix: '::1', bits: 128, precedence: 50, label: 0 },
  { prefix: '2002::', bits: 16, precedence: 30, label: 2 },
  { prefix: '2001::', bits: 32, precedence: 5, label: 5 },
  { prefix: 'fc00::', bits: 7, precedence: 3, label: 13 },
  { prefix: 'fec0::', bits: 10, precedence: 1, label: 11 },
];
const DEFAULT_POLICY = { precedence: 40, label: 1 };
/** Scopes. RFC 4291 section 2.7. */
const SCOPE = { linkLocal: 2, global: 14 } as const;

function hasPrefix(octets: Uint8Array, prefix: Uint8Array, bits: number): boolean {
  return Array.from({ length: bits }, (_, bit) => bit).every((bit) => {
    const mask = 0x80 >> (bit & 7);
    return ((octets[bit >> 3] ?? 0) & mask) === ((prefix[bit >> 3] ?? 0) & mask);
  });
}

function policyOf(address: Address): { precedence: number; label: number } {
  if (familyOf(address) === 4) return IPV4_POLICY;
  const octets = octetsOf(address);
  return POLICIES.find(({ prefix, bits }) => hasPrefix(octets, octetsOf(prefix), bits)) ?? DEFAULT_POLICY;
}

function scopeOf(address: Address): number {
  const isLinkLocal =
    familyOf(address) === 4
      ? /^(169\.254|127)\./.test(address) // RFC 6724 section 3.2
      : address === '::1' || hasPrefix(octetsOf(address), octetsOf('fe80::'), 10);
  return isLinkLocal ? SCOPE.linkLocal : SCOPE.global;
}

/** Only the network part counts, not the interface identifier. RFC 6724 section 2.2. */
const NETWORK_BITS = 64;

/** The leading bits that two IPv6 addresses share. 0 for IPv4, whose addresses tell little about distance. */
function commonPrefixLength(address: Address, source: Address): number {
  if (familyOf(address) === 4) return 0;
  const [a, b] = [octetsOf(address), octetsOf(source)];
  let bits = NETWORK_BITS;
  while (!hasPrefix(a, b, bits)) bits--;
  return bits;
}

/** A candidate's merits, one a rule, in the order of the rules. The larger number at the first difference wins. */
function merits({ address, source }: Candidate): readonly number[] {
  if (source === undefined) return [0]; // rule 1: avoid unusable destinations
  const policy = policyOf(address);
  return [
    1,
    scopeOf(address) === scopeOf(source) ? 1 : 0, // rule 2: prefer matching scope
    policy.label === policyOf(source).label ? 1 : 0, // rule 5: prefer matching label
    policy.precedence, // rule 6: prefer higher precedence
    -scopeOf(address), // rule 8: prefer smaller scope
    commonPrefixLength(address, source), // rule 9: use longest matching prefix
  ];
}

/** The best candidate, or the first of equals (rule 10). Undefined when there are no candidates. */
export function chooseDestination(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates
    .map((candidate) => ({ candidate, merit: merits(candidate) }))
    .reduce<{ candidate: Candidate; merit: readonly number[] } | undefined>(
      (best, next) => (best && compare(best.merit, next.merit) >= 0 ? best : next),
      undefined,
    )?.candidate;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((merit, at) => merit !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
