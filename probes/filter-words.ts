/** How packet filters name a protocol: the words that several probes share. */
import type { FilterWords, PacketFacts } from '../src/model/probe-traits.ts';

type Words = (packet: PacketFacts) => FilterWords;

/** A protocol that the filter knows by its number alone. */
export const byNumber: Words = () => ({ by: 'number' });

/** A protocol that the filter knows by this name, with its ports. */
export function byPort(name: string): Words {
  return () => ({ by: 'name', name, matchesPort: true });
}

/** A protocol whose name and ports both filters know. nft(8), "Transport headers"; pf.conf(5), "proto" and "port". */
export function byPortEverywhere(name: string): Readonly<Record<'nftables' | 'pf', Words>> {
  return { nftables: byPort(name), pf: byPort(name) };
}

/** A protocol that no filter has words for. */
export const BY_NUMBER_EVERYWHERE = { nftables: byNumber, pf: byNumber } as const;
