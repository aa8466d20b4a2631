/** Ports by which this machine routes, and which the kernel is not told of a raw datagram, nor asked for. */
import { readFileSync } from 'node:fs';
import type { Family } from '../../model/address.ts';
import type { OutgoingDatagram } from '../../ports/transport.ts';
import { uint16At } from '../../wire/bytes.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
import type { Netlink } from '../linux/netlink.ts';
import { goesByPorts } from '../linux/rules.ts';

/** Protocols with ports that RTM_GETROUTE refuses. Their headers all begin with the two ports. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [33, 'DCCP'], // RFC 4340
  [IP_PROTOCOL.sctp, 'SCTP'],
  [IP_PROTOCOL.udplite, 'UDP-Lite'],
]);
/** Values of fib_multipath_hash_policy that count the ports in. Documentation/networking/ip-sysctl.rst */
const BY_PORTS: readonly string[] = ['1', '3'];

/** True for a protocol by whose ports a machine may route although the kernel cannot be asked. */
export function hasUntoldPorts(protocol: number): boolean {
  return NAMES.has(protocol);
}

/**
 * Says in words that this machine routes the flow by ports, which a raw datagram does not tell; undefined where it does not.
 * @param isMultipath - tells whether the route to the destination has several next hops
 */
export function untoldPorts(
  netlink: Netlink,
  { family, protocol, payload }: OutgoingDatagram,
  isMultipath: () => boolean,
): string | undefined {
  const name = NAMES.get(protocol);
  if (name === undefined) return undefined;
  const flow = { protocol, sourcePort: uint16At(payload, 0), destinationPort: uint16At(payload, 2) };
  const what = `${name} port ${flow.destinationPort}`;
  if (netlink.hasRule(family, (rule) => goesByPorts(rule, flow))) {
    return `a rule of this host routes ${what}, and raw probes go without ports`;
  }
  if (!isMultipath() || !hashesPorts(family)) return undefined;
  return `this host chooses the next hop of ${what} by its ports, and raw probes go without`;
}

function hashesPorts(family: Family): boolean {
  try {
    const policy = readFileSync(`/proc/sys/net/ipv${family}/fib_multipath_hash_policy`, 'utf8');
    return BY_PORTS.includes(policy.trim());
  } catch {
    return false; // a kernel without multipath routes of the family
  }
}
