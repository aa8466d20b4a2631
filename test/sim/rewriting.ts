/** Routers rewrite what passes them: TOS, ECN, destination, source route. */
import { addressOf, octetsOf } from '../../src/model/address.ts';
import { viewOf } from '../../src/wire/bytes.ts';
import { ECN_MASK, IP_PROTOCOL } from '../../src/wire/codes.ts';
import { rewrite, type Datagram } from './datagram.ts';
import { destinationPort } from './filter.ts';
import type { HopFormat } from './path-format.ts';
import { checksumIsRight, withChecksum } from './transport-checksum.ts';

const LOOSE_SOURCE_ROUTE = 131;
const NO_OPERATION = 1;

/** Rewrites TOS, ECN and destination of a datagram as `hop` does. It quotes the result. */
export function rewrittenAt(hop: HopFormat, datagram: Datagram): Datagram {
  let tos = hop.tos ?? datagram.tos;
  if (hop.ecn === 'bleach') tos &= ~ECN_MASK;
  // RFC 3168 section 5: both bits are CE, congestion experienced
  if (hop.ecn === 'mark') tos |= ECN_MASK;
  const marked = tos === datagram.tos ? datagram : rewrite(datagram, { tos });
  return hop.dnat === undefined ? marked : translated(hop.dnat, marked);
}

/** `ip`, `ip:port`, `[ip6]:port`. */
const ENDPOINT = /^(?:\[(?<six>[^\]]+)\]|(?<four>[\d.]+)|(?<bare>.*:.*:.*))(?::(?<port>\d+))?$/;

function translated(dnat: string, datagram: Datagram): Datagram {
  const { six, four, bare, port } = ENDPOINT.exec(dnat)?.groups ?? {};
  const address = octetsOf(four ?? six ?? bare ?? '');
  if (address.length !== datagram.destination.length) return datagram;
  return withDestination(datagram, address, port === undefined ? undefined : Number(port));
}

/** Sends the datagram to another destination, and another port where `port` is given. The checksum follows. */
export function withDestination(datagram: Datagram, destination: Uint8Array, port?: number): Datagram {
  const transport = datagram.transport.slice();
  if (port !== undefined && destinationPort(datagram) !== undefined) {
    viewOf(transport, 4, 'ports').setUint16(2, port);
  }
  return resummed(datagram, destination, transport);
}

/** Gives the datagram another source of its family; one of the other family leaves it as it is. The checksum follows. */
export function withSource(datagram: Datagram, source: Uint8Array): Datagram {
  const { destination, protocol, transport } = datagram;
  if (source.length !== datagram.source.length) return datagram;
  const isSummed = checksumIsRight(datagram, protocol, transport) === true;
  return rewrite(datagram, {
    source,
    transport: isSummed ? withChecksum({ source, destination }, protocol, transport.slice()) : transport,
  });
}

const SEQUENCE_NUMBER_OFFSET = 4;

/** Adds to the sequence number of a TCP segment, modulo 2^32. The checksum follows. Other datagrams stay. */
export function withSequenceAdded(datagram: Datagram, added: number): Datagram {
  if (datagram.protocol !== IP_PROTOCOL.tcp) return datagram;
  const transport = datagram.transport.slice();
  const view = viewOf(transport, SEQUENCE_NUMBER_OFFSET + 4, 'TCP');
  view.setUint32(SEQUENCE_NUMBER_OFFSET, view.getUint32(SEQUENCE_NUMBER_OFFSET) + added);
  return resummed(datagram, datagram.destination, transport);
}

/** A right transport checksum stays right; a wrong one is left. */
function resummed(datagram: Datagram, destination: Uint8Array, transport: Uint8Array): Datagram {
  const { source, protocol } = datagram;
  const isSummed = checksumIsRight(datagram, protocol, datagram.transport) === true;
  return rewrite(datagram, {
    destination,
    transport: isSummed ? withChecksum({ source, destination }, protocol, transport) : transport,
  });
}

/** Finds the loose source route in a datagram's options; undefined when there is none, or it is at its end. */
function sourceRouteOf({
  options,
}: Datagram): { start: number; length: number; pointer: number } | undefined {
  const start = options.findIndex((octet) => octet !== NO_OPERATION);
  const [type, length = 0, pointer = 0] = options.subarray(Math.max(start, 0));
  return type === LOOSE_SOURCE_ROUTE && pointer + 3 <= length ? { start, length, pointer } : undefined;
}

/**
 * Sends a datagram on to the next address of its loose source route, as the gateway does that it was addressed to;
 * undefined when it has no route, or is at its end. RFC 791 section 3.1.
 */
export function sourceRouted(datagram: Datagram): Datagram | undefined {
  const route = sourceRouteOf(datagram);
  if (!route) return undefined;
  const options = datagram.options.slice();
  const at = route.start + route.pointer - 1;
  const destination = options.slice(at, at + 4);
  options.set(datagram.destination, at);
  options[route.start + 2] = route.pointer + 4;
  return rewrite(datagram, { destination, options });
}

/** Finds the end of a datagram's source route. Transport checksums cover that address. RFC 791 section 3.1. */
export function finalDestination(datagram: Datagram): Uint8Array {
  const route = sourceRouteOf(datagram);
  if (!route) return datagram.destination;
  const end = route.start + route.length;
  return datagram.options.slice(end - 4, end);
}

/** Tells whether an address is one of the hop's. */
export function owns(hop: HopFormat, address: Uint8Array): boolean {
  const text = addressOf(address);
  return [hop.addr, hop.addr6 ?? []].flat().includes(text);
}
