/** Makes a probe's octets, from the IP header on. */
import { encodeIpv4 } from '../wire/ipv4.ts';
import { encodeIpv6 } from '../wire/ipv6.ts';
import type { OutgoingDatagram } from '../ports/transport.ts';

/** Encodes a whole datagram with its checksums, for raw sockets that take IP headers. */
export function encodeDatagram(datagram: OutgoingDatagram): Uint8Array {
  const { family, source, destination, protocol, ttl, tos, flowLabel, payload } = datagram;
  if (family === 4) return encodeIpv4(datagram, payload);
  const header = { trafficClass: tos, flowLabel, nextHeader: protocol, hopLimit: ttl, source, destination };
  return encodeIpv6(header, payload);
}
