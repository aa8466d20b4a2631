/** Whole IP datagrams of either family, in fields that both have. */
import type { Family } from '../../src/model/address.ts';
import { concat } from '../../src/wire/bytes.ts';
import { internetChecksum } from '../../src/wire/checksum.ts';
import { decodeIpv4, encodeIpv4 } from '../../src/wire/ipv4.ts';
import { decodeIpv6, encodeIpv6, IPV6_HEADER_LENGTH } from '../../src/wire/ipv6.ts';
import { skipExtensionHeaders } from '../../src/wire/ipv6-extension.ts';

/** A datagram that was read. */
export interface Datagram {
  readonly octets: Uint8Array;
  readonly family: Family;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly protocol: number;
  /** TTL or hop limit. */
  readonly ttl: number;
  /** TOS octet or traffic class. */
  readonly tos: number;
  readonly dontFragment: boolean;
  /** IPv4 options. */
  readonly options: Uint8Array;
  /** From the transport header on. */
  readonly transport: Uint8Array;
}

/**
 * Reads a whole datagram; its version decides the family.
 * @throws WireError when truncated or malformed
 */
export function readDatagram(octets: Uint8Array): Datagram {
  return (octets[0] ?? 0) >> 4 === 6 ? readIpv6(octets) : readIpv4(octets);
}

function readIpv4(octets: Uint8Array): Datagram {
  const header = decodeIpv4(octets);
  const transport = octets.subarray(header.headerLength, header.totalLength);
  return { ...header, octets, family: 4, transport };
}

function readIpv6(octets: Uint8Array): Datagram {
  const header = decodeIpv6(octets);
  const rest = octets.subarray(IPV6_HEADER_LENGTH, IPV6_HEADER_LENGTH + header.payloadLength);
  const { protocol, offset } = skipExtensionHeaders(rest, header.nextHeader);
  return {
    ...header,
    octets,
    family: 6,
    protocol,
    ttl: header.hopLimit,
    tos: header.trafficClass,
    // RFC 8200 section 5: only the source fragments
    dontFragment: true,
    options: new Uint8Array(0),
    transport: rest.subarray(offset),
  };
}

/** The fields of a datagram that routers rewrite. */
export type Rewrite = Partial<
  Pick<Datagram, 'source' | 'destination' | 'ttl' | 'tos' | 'options' | 'transport'>
>;

/** Changes fields of a datagram. The IPv4 header checksum follows. */
export function rewrite(datagram: Datagram, change: Rewrite): Datagram {
  const { family, octets } = datagram;
  return readDatagram(family === 4 ? rewriteIpv4(octets, change) : rewriteIpv6(datagram, change));
}

function rewriteIpv4(octets: Uint8Array, change: Rewrite): Uint8Array {
  const header = decodeIpv4(octets);
  return encodeIpv4({ ...header, ...change }, change.transport ?? octets.subarray(header.headerLength));
}

function rewriteIpv6({ octets, transport }: Datagram, change: Rewrite): Uint8Array {
  const header = decodeIpv6(octets);
  const { source, destination } = { ...header, ...change };
  const trafficClass = change.tos ?? header.trafficClass;
  const hopLimit = change.ttl ?? header.hopLimit;
  const extensions = octets.subarray(IPV6_HEADER_LENGTH, transport.byteOffset - octets.byteOffset);
  return encodeIpv6(
    { ...header, source, destination, trafficClass, hopLimit },
    concat(extensions, change.transport ?? transport),
  );
}

const TTL_OFFSET = { 4: 8, 6: 7 } as const;
const IPV4_CHECKSUM_OFFSET = 10;

/** Changes the TTL alone: the same as `rewrite`, only faster, since every hop does it. */
export function withTtl(datagram: Datagram, ttl: number): Datagram {
  const { family, transport } = datagram;
  const headerLength = transport.byteOffset - datagram.octets.byteOffset;
  const octets = datagram.octets.slice();
  octets[TTL_OFFSET[family]] = ttl;
  if (family === 4) {
    octets.fill(0, IPV4_CHECKSUM_OFFSET, IPV4_CHECKSUM_OFFSET + 2);
    const sum = internetChecksum(octets, headerLength);
    new DataView(octets.buffer).setUint16(IPV4_CHECKSUM_OFFSET, sum);
  }
  return {
    ...datagram,
    ttl,
    octets,
    transport: octets.subarray(headerLength, headerLength + transport.length),
  };
}

/** The fields of a new datagram. `transport` carries its checksum already. */
export type NewDatagram = Pick<Datagram, 'source' | 'destination' | 'protocol' | 'ttl' | 'transport'> & {
  readonly tos?: number;
};

/** Makes the octets of a new datagram of the family of its addresses. It has no options and may be fragmented. */
export function encodeDatagram({ tos = 0, ...datagram }: NewDatagram): Uint8Array {
  const { protocol, ttl, transport } = datagram;
  if (datagram.source.length === 16) {
    const header = { ...datagram, trafficClass: tos, flowLabel: 0, nextHeader: protocol, hopLimit: ttl };
    return encodeIpv6(header, transport);
  }
  const header = { ...datagram, tos, dontFragment: false, identification: 0, options: new Uint8Array(0) };
  return encodeIpv4(header, transport);
}
