/** The rule of a packet filter that lets one flow pass, as nftables and pf write it. */
import type { Address, Family } from '../../model/address.ts';
import type { ProbeRequest } from '../../model/plan.ts';
import { opensConnection } from '../../model/tcp-flags.ts';

/** What a probe is on the wire. */
export interface Flow {
  readonly family: Family;
  readonly source: Address;
  readonly target: Address;
  /** Where it is a port of this machine's own. */
  readonly sourcePort?: number;
  readonly port: number;
  /** The number of the IP protocol. */
  readonly protocol: number;
}

const PORT_PROBES: readonly string[] = ['tcp', 'udp', 'udplite', 'sctp'];
/** Those whose ports pf knows. pf.conf(5), "port". */
const PF_PORT_PROBES: readonly string[] = ['tcp', 'udp', 'sctp'];

/** Whether a probe type has ports that filters know. */
export function hasPorts({ name }: ProbeRequest): boolean {
  return PORT_PROBES.includes(name);
}

/** The rule for nft(8). */
export function nftRule(probe: ProbeRequest, { family, source, target, port, protocol }: Flow): string {
  const [ip, icmp] = family === 4 ? (['ip', 'icmp'] as const) : (['ip6', 'icmpv6'] as const);
  const addresses = `${ip} saddr ${source} ${ip} daddr ${target}`;
  if (probe.name === 'icmp') return `${addresses} ${icmp} type echo-request accept`;
  if (!hasPorts(probe)) return `${addresses} meta l4proto ${protocol} accept`;
  const flags = opensConnection(probe.tcpFlags) ? '' : ' tcp flags & (syn | ack) == ack';
  return `${addresses} ${probe.name} dport ${port}${probe.name === 'tcp' ? flags : ''} accept`;
}

/** The rule for pf.conf(5). */
export function pfRule(probe: ProbeRequest, { family, source, target, port, protocol }: Flow): string {
  const [inet, icmp] = family === 4 ? (['inet', 'icmp'] as const) : (['inet6', 'icmp6'] as const);
  const isKnown = PF_PORT_PROBES.includes(probe.name);
  const name = probe.name === 'icmp' ? icmp : isKnown ? probe.name : String(protocol);
  const rule = `pass quick ${inet} proto ${name} from ${source} to ${target}`;
  if (probe.name === 'icmp') return `${rule} ${icmp}-type echoreq`;
  if (!isKnown) return rule;
  const flags = probe.name === 'tcp' && !opensConnection(probe.tcpFlags) ? ' flags any no state' : '';
  return `${rule} port ${port}${flags}`;
}
