/** A probe's octets from the IP header on. */
import { encodeIpv4 } from '../wire/ipv4.ts';
import { encodeIpv6 } from '../wire/ipv6.ts';
import type { OutgoingDatagram } from './ports.ts';

/** The whole datagram, checksums included, as a raw socket that takes headers wants it. */
export function encodeDatagram(datagram: OutgoingDatagram): Uint8Array {
  const { family, source, destination, protocol, ttl, tos, payload } = datagram;
  if (family === 6) {
    const { flowLabel } = datagram;
    const header = { trafficClass: tos, flowLabel, nextHeader: protocol, hopLimit: ttl, source, destination };
    return encodeIpv6(header, payload);
  }
  const { identification, dontFragment, options } = datagram;
  const header = {
    tos,
    identification,
    dontFragment,
    moreFragments: false,
    fragmentOffset: 0,
    ttl,
    protocol,
    source,
    destination,
    options,
  };
  return encodeIpv4(header, payload);
}
