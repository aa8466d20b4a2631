/** Makes datagrams for a transport to send. */
import type { OutgoingDatagram } from '../../../src/ports/transport.ts';
import { familyOf, octetsOf, type Address } from '../../../src/model/address.ts';
import { transportChecksum } from '../../../src/wire/checksum.ts';
import { encodeIcmpv4, type IcmpMessage } from '../../../src/wire/icmpv4.ts';
import { encodeIcmpv6 } from '../../../src/wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { encodeUdp, UDP_CHECKSUM_OFFSET } from '../../../src/wire/udp.ts';

/** A port where nobody listens. */
const CLOSED_PORT = 33_435;

export interface Route {
  readonly from: Address;
  readonly to: Address;
}

type Changes = Partial<OutgoingDatagram>;

export function outgoing({ from, to }: Route, protocol: number, changes: Changes = {}): OutgoingDatagram {
  return {
    family: familyOf(to),
    source: octetsOf(from),
    destination: octetsOf(to),
    protocol,
    ttl: 64,
    tos: 0,
    flowLabel: 0,
    identification: 0x4242,
    dontFragment: false,
    options: new Uint8Array(),
    payload: new Uint8Array(),
    ...changes,
  };
}

/** A UDP datagram from a port of its own to a closed one. */
export function udpTo(route: Route, sourcePort: number, changes: Changes = {}): OutgoingDatagram {
  const data = new TextEncoder().encode('conformance');
  const header = {
    sourcePort,
    destinationPort: CLOSED_PORT,
    lengthOrCoverage: 8 + data.length,
    checksum: 0,
  };
  const payload = encodeUdp(header, data);
  const ends = { source: octetsOf(route.from), destination: octetsOf(route.to) };
  const checksum = transportChecksum(ends, IP_PROTOCOL.udp, payload);
  new DataView(payload.buffer).setUint16(UDP_CHECKSUM_OFFSET, checksum);
  return outgoing(route, IP_PROTOCOL.udp, { payload, ...changes });
}

/** An ICMP message of either family. */
export function icmpTo(
  route: Route,
  message: Omit<IcmpMessage, 'checksum'>,
  changes: Changes = {},
): OutgoingDatagram {
  if (familyOf(route.to) === 4) {
    return outgoing(route, IP_PROTOCOL.icmp, { payload: encodeIcmpv4(message), ...changes });
  }
  const ends = { source: octetsOf(route.from), destination: octetsOf(route.to) };
  return outgoing(route, IP_PROTOCOL.icmpv6, { payload: encodeIcmpv6(message, ends), ...changes });
}
