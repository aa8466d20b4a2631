/** Load balancing: one of a hop's addresses answers a probe. */
import type { Address, Family } from '../../src/model/address.ts';
import type { Datagram } from './datagram.ts';
import type { HopFormat } from './path-format.ts';
import type { Random } from './random.ts';

/** Balancing depends on this besides the probe. */
export interface Balancing {
  readonly random: Random;
  /** How many probes each hop that takes turns has answered so far. */
  readonly turns: Map<HopFormat, number>;
}

/** Picks the address that a hop answers from; undefined when it has none of the probe's family. */
export function responderOf(balancing: Balancing, hop: HopFormat, probe: Datagram): Address | undefined {
  const addresses = addressesOf(hop, probe.family);
  return addresses[pick(balancing, hop, probe, addresses.length) % addresses.length];
}

function addressesOf(hop: HopFormat, family: Family): readonly Address[] {
  return [(family === 4 ? hop.addr : hop.addr6) ?? []].flat();
}

function pick({ random, turns }: Balancing, hop: HopFormat, probe: Datagram, count: number): number {
  if (hop.ecmp === 'packet') return Math.floor(random() * count);
  if (hop.ecmp !== 'roundrobin') return flowHash(probe);
  const turn = turns.get(hop) ?? 0;
  turns.set(hop, turn + 1);
  return turn;
}

/** FNV-1a over what load balancers hash: addresses, protocol, the first 4 octets of the transport header. */
export function flowHash({ source, destination, protocol, transport }: Datagram): number {
  let hash = 0x811c9dc5;
  for (const octet of [...source, ...destination, protocol, ...transport.subarray(0, 4)]) {
    hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  }
  return hash >>> 8;
}
