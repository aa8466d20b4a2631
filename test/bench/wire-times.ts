/** Reads from a capture how long each probe took on the wire. */
import { decodeIcmp } from '../../src/wire/icmpv4.ts';
import { IP_PROTOCOL } from '../../src/wire/codes.ts';
import { decodeIpv4 } from '../../src/wire/ipv4.ts';
import type { CapturedDatagram } from './pcap.ts';

/** Octets of a header that identify a probe: ports, and UDP's length. The checksum may be filled in later, by a network card. */
const IDENTITY_LENGTH = 6;

interface Sent {
  readonly atNs: bigint;
  rttUs: number | undefined;
}

function identity(octets: Uint8Array): string {
  const { headerLength, identification } = decodeIpv4(octets);
  const ports = octets.subarray(headerLength, headerLength + IDENTITY_LENGTH);
  return `${identification}/${Buffer.from(ports).toString('hex')}`;
}

/** Answers the RTT of each UDP or TCP probe in microseconds, in the order of sending; undefined where no error quotes it. */
export function wireRttsUs(datagrams: readonly CapturedDatagram[]): (number | undefined)[] {
  const sent = new Map<string, Sent>();
  for (const { atNs, octets } of datagrams) {
    const { protocol, headerLength } = decodeIpv4(octets);
    if (protocol === IP_PROTOCOL.udp || protocol === IP_PROTOCOL.tcp)
      sent.set(identity(octets), { atNs, rttUs: undefined });
    if (protocol !== IP_PROTOCOL.icmp) continue;
    const probe = sent.get(identity(decodeIcmp(octets.subarray(headerLength)).body));
    if (probe) probe.rttUs ??= Number(atNs - probe.atNs) / 1000;
  }
  return [...sent.values()].map(({ rttUs }) => rttUs);
}
