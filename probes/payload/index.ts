/**
 * Which request goes to which UDP port. The octets are fixed and written out: that keeps probes pure and without
 * packages, and the tests hold each against its service's own rules.
 */
import { dnsQuery } from './dns.ts';
import { ntpRequest } from './ntp.ts';
import { quicProvocation } from './quic.ts';
import type { UdpRequest } from './request.ts';
import { snmpDiscovery } from './snmp.ts';
import { stunRequest } from './stun.ts';

/** IANA "Service Name and Transport Protocol Port Number Registry". */
const REQUESTS: Readonly<Record<number, UdpRequest>> = {
  53: dnsQuery,
  123: ntpRequest,
  161: snmpDiscovery,
  443: quicProvocation,
  3478: stunRequest,
};

/** The request that the service of a well-known port answers; undefined for other ports. */
export function requestTo(port: number): UdpRequest | undefined {
  return REQUESTS[port];
}
