/** A probe in the form that the recorded cases hold. */
import { addressOf } from '../../src/model/address.ts';
import { internetChecksum } from '../../src/wire/checksum.ts';
import { viewOf } from '../../src/wire/bytes.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import { decodeIpv6 } from '../../src/wire/ipv6.ts';
import { readDatagram, type Datagram } from './datagram.ts';
import { destinationPort, tcpFlags } from './filter.ts';
import { finalDestination } from './rewriting.ts';
import { checksumIsRight } from './transport-checksum.ts';

/** One probe as the first router saw it. */
export interface RecordedProbe {
  readonly ttl: number;
  readonly proto: number;
  readonly dst: string;
  readonly src: string;
  /** null where the protocol has no ports. */
  readonly dport: number | null;
  /** TCP flags, else null. */
  readonly flags: number | null;
  /** `[type, code, identifier, sequence]` of ICMP, else null. */
  readonly icmp: readonly [number, number, number, number] | null;
  readonly tos: number;
  readonly df: boolean;
  /** The whole datagram. */
  readonly len: number;
  readonly ipsum_ok: boolean;
  /** null where the protocol has no checksum that is known here. */
  readonly l4sum_ok: boolean | null;
  /** IPv4 options in hex. */
  readonly opts: string;
  /** The flags-and-offset field of IPv4; 0 in IPv6. */
  readonly off: number;
  /** The flow label, in IPv6 alone. */
  readonly flow?: number;
}

/**
 * Reads a whole IP datagram as sent.
 * @throws WireError when it is no valid datagram
 */
export function recordProbe(octets: Uint8Array): RecordedProbe {
  const probe = readDatagram(octets);
  const isIpv4 = probe.family === 4;
  const off = isIpv4 ? viewOf(octets, 20, 'IPv4').getUint16(6) : 0;
  const endpoints = { source: probe.source, destination: finalDestination(probe) };
  return {
    ttl: probe.ttl,
    proto: probe.protocol,
    dst: addressOf(probe.destination),
    src: addressOf(probe.source),
    dport: destinationPort(probe) ?? null,
    flags: tcpFlags(probe) ?? null,
    icmp: icmpOf(probe),
    tos: probe.tos,
    df: (off & 0x4000) !== 0,
    len: octets.length,
    ipsum_ok: !isIpv4 || internetChecksum(octets.subarray(0, 20 + probe.options.length)) === 0,
    l4sum_ok: checksumIsRight(endpoints, probe.protocol, probe.transport),
    opts: Buffer.from(probe.options).toString('hex'),
    off,
    ...(isIpv4 ? {} : { flow: decodeIpv6(octets).flowLabel }),
  };
}

function icmpOf({ protocol, transport }: Datagram): RecordedProbe['icmp'] {
  if (protocol !== IP_PROTOCOL.icmp && protocol !== IP_PROTOCOL.icmpv6) return null;
  const view = viewOf(transport, 8, 'ICMP');
  return [view.getUint8(0), view.getUint8(1), view.getUint16(4), view.getUint16(6)];
}
