/** The quote of a probe in a router's error, right or not. */
import { rewrite, withTtl, type Datagram } from '../datagram.ts';
import type { HopFormat } from '../path-format.ts';
import { withSequenceAdded } from '../rewriting.ts';

/** Bits that turn ports into others, and octets into what means nothing. */
const SPOIL = 0x5a;
const PORTS_LENGTH = 4;

/** Makes a hop's quote of a probe, from the IP header on; undefined when it is simply the probe. */
export function quoteAt(hop: HopFormat, probe: Datagram): Uint8Array | undefined {
  const { quote, bad, quote_seqadd: added, quote_ttl: ttl } = hop;
  if ([quote, bad, added, ttl].every((key) => key === undefined)) return undefined;
  const seen = added === undefined ? probe : withSequenceAdded(probe, added);
  return spoilt(bad, ttl === undefined ? seen : withTtl(seen, ttl)).subarray(0, quote);
}

function spoilt(bad: HopFormat['bad'], probe: Datagram): Uint8Array {
  if (bad === 'garbage') return probe.octets.map((octet) => octet ^ SPOIL);
  if (bad === undefined) return probe.octets;
  const transport = probe.transport.map((octet, index) => (index < PORTS_LENGTH ? octet ^ SPOIL : octet));
  return rewrite(probe, { transport }).octets;
}
