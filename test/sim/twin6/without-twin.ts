/** Recorded cases that mean nothing over IPv6. */
import type { RecordedCase } from '../recorded.ts';

/** Cases that mean nothing over IPv6, and why. */
const WITHOUT_TWIN: Readonly<Record<string, readonly string[]>> = {
  'no IPv6 address is for private use by RFC 1918': [
    ...['tcp-names-172', 'tcp-names-hosts', 'tcp-names-public', 'tcp-names-rfc1918'],
    ...['tcp-target-hosts', 'tcp-target-name', 'tcp-target-name-private'],
  ],
  'IPv6 has no loose source route: RFC 5095': [
    ...['bsd-gateway', 'bsd-gateway-8', 'bsd-gateway-9', 'bsd-gateway-diff', 'bsd-gateway-short'],
    'bsd-gateway-unknown',
  ],
  'the lengths asked for are at the limits that IPv4 sets': [
    ...['bsd-length-least-gre', 'bsd-length-least-tcp', 'bsd-length-least-udplite', 'bsd-length-sctp-40'],
    ...['bsd-length-sctp-not-4', 'bsd-length-too-small-99', 'bsd-length-too-small-icmp'],
    ...['bsd-length-too-small-sctp', 'bsd-length-too-small-udp', 'tcp-length-odd', 'tcp-mtu-df'],
  ],
  'addresses cut short are IPv4': ['bsd-target-short-form', 'tcp-target-short-form'],
  'the packet printed is one of IPv4': ['bsd-verbose-twice'],
  'the gateway of a path is one of IPv4': ['bsd-not-attached'],
};
const NAMES_WITHOUT_TWIN = new Set(Object.values(WITHOUT_TWIN).flat());

/** Tells whether a case means something over IPv6. Messages besides the answers were recorded of ICMP alone. */
export function hasTwin({ name, topo }: RecordedCase): boolean {
  return !NAMES_WITHOUT_TWIN.has(name) && !topo.hops.some(({ also }) => also !== undefined);
}
