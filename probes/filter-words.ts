/** How rule languages name a protocol: the words that several probes share. */
import type { FilterWords, PacketFacts, ProbeTraits } from '../src/model/probe-traits.ts';

type Words = (packet: PacketFacts) => FilterWords;

/** A protocol that the language knows by its number alone. */
export const byNumber: Words = () => ({ matchesPort: false });

/** A protocol that the language knows by this name, with its ports. */
export function byPort(name: string): Words {
  return () => ({ name, matchesPort: true });
}

/** A protocol that the language knows by its number alone, though it has ports. */
export function withoutPorts(note: string): Words {
  return () => ({ matchesPort: false, note });
}

/** TCP and UDP: all languages know their names and ports. */
export function byPortEverywhere(name: string): ProbeTraits['filters'] {
  const words = byPort(name);
  return { nft: words, pf: words, ios: words, aws: words };
}

/** A protocol that no language has words for. */
export const BY_NUMBER_EVERYWHERE = {
  nft: byNumber,
  pf: byNumber,
  ios: byNumber,
  aws: byNumber,
} as const satisfies ProbeTraits['filters'];

/** A protocol with ports that none but nft(8) matches. */
export const PORTS_IN_NFT_ALONE = {
  pf: withoutPorts('pf has no ports for this protocol: this lets all of them pass'),
  ios: withoutPorts('an access list has no ports for this protocol: this lets all of them pass'),
  aws: withoutPorts('a security group has no ports for this protocol: this lets all of them pass'),
} as const;
