/** Probes made by hand, whole datagrams, for tests of what answers them. */
import { octetsOf } from '../../src/model/address.ts';
import { encodeIcmpv4, ICMPV4_TYPE } from '../../src/wire/icmpv4.ts';
import { encodeIcmpv6, ICMPV6_TYPE } from '../../src/wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import { encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encodeIpv6 } from '../../src/wire/ipv6.ts';
import { encodeTcp, TCP_FLAG } from '../../src/wire/tcp.ts';
import { encodeUdp } from '../../src/wire/udp.ts';
import { withChecksum } from './transport-checksum.ts';

/** The fields in which probes differ; the others are constants. */
export interface ProbeFields {
  readonly ttl?: number;
  readonly source?: string;
  /** An IPv6 address makes it an IPv6 probe. */
  readonly destination?: string;
  readonly tos?: number;
  readonly dontFragment?: boolean;
  readonly options?: Uint8Array;
  readonly port?: number;
  readonly flags?: number;
  /** Octets after the transport header. */
  readonly length?: number;
}

/** Of UDP and TCP probes. */
export const SOURCE_PORT = 50000;
/** Of TCP probes. */
export const SEQUENCE_NUMBER = 0x0102_0304;
/** Of TCP probes, with ACK or not. */
export const ACKNOWLEDGMENT = 0x0506_0708;

/** Makes a whole datagram with `transport` in it, and fills in the checksum of that. */
export function datagramOf(protocol: number, transport: Uint8Array, fields: ProbeFields = {}): Uint8Array {
  const { ttl = 1, destination: target = '10.99.0.1', tos = 0, dontFragment = false } = fields;
  const { options = new Uint8Array(0), source: from } = fields;
  const destination = octetsOf(target);
  const isIpv4 = destination.length === 4;
  const source = octetsOf(from ?? (isIpv4 ? '10.0.0.1' : 'fd00::1'));
  const payload = withChecksum({ source, destination }, protocol, transport);
  if (!isIpv4) {
    const header = { trafficClass: tos, flowLabel: 0x12345, nextHeader: protocol, hopLimit: ttl };
    return encodeIpv6({ ...header, source, destination }, payload);
  }
  const header = { tos, identification: 0x4242, dontFragment, ttl, protocol, source, destination, options };
  return encodeIpv4(header, payload);
}

/** Makes a UDP probe of 40 octets to port 33435 of 10.99.0.1, unless told otherwise. */
export function udpProbe(fields: ProbeFields = {}): Uint8Array {
  const { port = 33435, length = 12 } = fields;
  const header = {
    sourcePort: SOURCE_PORT,
    destinationPort: port,
    lengthOrCoverage: 8 + length,
    checksum: 0,
  };
  return datagramOf(IP_PROTOCOL.udp, encodeUdp(header, new Uint8Array(length)), fields);
}

/** Makes a TCP SYN to port 80 of 10.99.0.1, unless told otherwise. */
export function tcpProbe(fields: ProbeFields = {}): Uint8Array {
  const { port = 80, flags = TCP_FLAG.syn, length = 0 } = fields;
  const header = {
    sourcePort: SOURCE_PORT,
    destinationPort: port,
    sequenceNumber: SEQUENCE_NUMBER,
    acknowledgment: ACKNOWLEDGMENT,
    flags,
    window: 1024,
    checksum: 0,
  };
  return datagramOf(IP_PROTOCOL.tcp, encodeTcp(header, new Uint8Array(length)), fields);
}

/** Makes an echo request of either family. */
export function echoProbe(fields: ProbeFields = {}): Uint8Array {
  const message = { code: 0, rest: 0x1234_0001, body: new Uint8Array(fields.length ?? 20) };
  if (!fields.destination?.includes(':')) {
    const transport = encodeIcmpv4({ ...message, type: ICMPV4_TYPE.echoRequest });
    return datagramOf(IP_PROTOCOL.icmp, transport, fields);
  }
  const endpoints = { source: octetsOf('fd00::1'), destination: octetsOf(fields.destination) };
  const transport = encodeIcmpv6({ ...message, type: ICMPV6_TYPE.echoRequest }, endpoints);
  return datagramOf(IP_PROTOCOL.icmpv6, transport, fields);
}
