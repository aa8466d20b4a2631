/**
 * The requests for well-known UDP ports. Their octets are fixed and written out, so probes stay pure and need no packages.
 * Tests hold each request against the rules of its service.
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
