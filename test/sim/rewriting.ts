/** What routers do to a datagram that passes them. */
import { addressOf, octetsOf } from '../../src/model/address.ts';
import { viewOf } from '../../src/wire/bytes.ts';
import { ECN_MASK } from '../../src/wire/codes.ts';
import { rewrite, type Datagram } from './datagram.ts';
import { destinationPort } from './filter.ts';
import type { HopFormat } from './path-format.ts';
import { checksumIsRight, withChecksum } from './transport-checksum.ts';

const LOOSE_SOURCE_ROUTE = 131;
const NO_OPERATION = 1;

/** The datagram as `hop` sees and quotes it: TOS, ECN and destination rewritten. */
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

/** The datagram to another destination; a right transport checksum stays right, a wrong one is left. */
export function withDestination(datagram: Datagram, destination: Uint8Array, port?: number): Datagram {
  const transport = datagram.transport.slice();
  if (port !== undefined && destinationPort(datagram) !== undefined) {
    viewOf(transport, 4, 'ports').setUint16(2, port);
  }
  const endpoints = { source: datagram.source, destination };
  const isSummed = checksumIsRight(datagram, datagram.protocol, datagram.transport) === true;
  return rewrite(datagram, {
    destination,
    transport: isSummed ? withChecksum(endpoints, datagram.protocol, transport) : transport,
  });
}

/** The loose source route among a datagram's options, or undefined when it has none or is at its end. */
function sourceRouteOf({
  options,
}: Datagram): { start: number; length: number; pointer: number } | undefined {
  const start = options.findIndex((octet) => octet !== NO_OPERATION);
  const [type, length = 0, pointer = 0] = options.subarray(Math.max(start, 0));
  return type === LOOSE_SOURCE_ROUTE && pointer + 3 <= length ? { start, length, pointer } : undefined;
}

/**
 * The datagram sent on to the next address of its loose source route by the gateway that it was addressed to,
 * or undefined when it has no route or is at its end. RFC 791 section 3.1.
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

/** Where a datagram is to end, past all gateways of its source route: what its checksums cover. */
export function finalDestination(datagram: Datagram): Uint8Array {
  const route = sourceRouteOf(datagram);
  if (!route) return datagram.destination;
  const end = route.start + route.length;
  return datagram.options.slice(end - 4, end);
}

/** Whether one of a hop's addresses is `address`. */
export function owns(hop: HopFormat, address: Uint8Array): boolean {
  const text = addressOf(address);
  return [hop.addr, hop.addr6 ?? []].flat().includes(text);
}
