/** The quote of a probe in a router's error, right or not. */
import { octetsOf } from '../../../src/model/address.ts';
import { concat } from '../../../src/wire/bytes.ts';
import { rewrite, withTtl, type Datagram } from '../datagram.ts';
import type { HopFormat } from '../path-format.ts';
import { withSequenceAdded, withSource } from '../rewriting.ts';

/** Bits that turn ports into others, and octets into what means nothing. */
const SPOIL = 0x5a;
const PORTS_LENGTH = 4;

/** Makes a hop's quote of a probe, from the IP header on; undefined when it is simply the probe. */
export function quoteAt(hop: HopFormat, probe: Datagram): Uint8Array | undefined {
  const { quote, bad, quote_seqadd: added, quote_ttl: ttl, quote_pad: padded, quote_src: source } = hop;
  if ([quote, bad, added, ttl, padded, source].every((key) => key === undefined)) return undefined;
  const numbered = added === undefined ? probe : withSequenceAdded(probe, added);
  const sent = source === undefined ? numbered : withSource(numbered, octetsOf(source));
  const seen = ttl === undefined ? sent : withTtl(sent, ttl);
  return filled(spoilt(bad, seen).subarray(0, quote), padded);
}

function filled(quote: Uint8Array, length = 0): Uint8Array {
  return concat(quote, new Uint8Array(Math.max(0, length - quote.length)));
}

function spoilt(bad: HopFormat['bad'], probe: Datagram): Uint8Array {
  if (bad === 'garbage') return probe.octets.map((octet) => octet ^ SPOIL);
  if (bad === undefined) return probe.octets;
  const transport = probe.transport.map((octet, index) => (index < PORTS_LENGTH ? octet ^ SPOIL : octet));
  return rewrite(probe, { transport }).octets;
}
