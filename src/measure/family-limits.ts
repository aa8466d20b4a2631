/** Refuses options that the target's IP family does not have. */
import { familyOf, octetsOf, type Address } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';
import type { MatrixProbe, Plan } from '../model/plan.ts';
import { IP_PROTOCOL } from '../wire/codes.ts';
import { isExtensionHeader } from '../wire/ipv6-extension.ts';

/** Checks the plan against the target's family. @throws UsageError that names the option and what to do */
export function checkFamily(plan: Plan, target: Address): void {
  const refusal = familyOf(target) === 4 ? ipv4Refusal(plan) : ipv6Refusal(plan, target);
  if (refusal !== undefined) throw new UsageError(refusal);
}

/** Checks the columns of a matrix likewise. @throws UsageError that names the first one that the family does not have */
export function checkColumns(columns: readonly MatrixProbe[], target: Address): void {
  if (familyOf(target) === 4) return;
  for (const { name, probe } of columns) {
    const refusal = protocolRefusal(probe.protocol, `--matrix ${name}`);
    if (refusal !== undefined) throw new UsageError(refusal);
  }
}

function ipv4Refusal({ flowLabel }: Plan): string | undefined {
  return flowLabel === undefined ? undefined : '--flow-label: IPv4 has no flow label (use -6)';
}

function ipv6Refusal({ gateways, checksums, probe }: Plan, target: Address): string | undefined {
  if (gateways.length > 0) return '-g: IPv6 has no loose source route (RFC 5095); use -4';
  if (!checksums) return '-x: IPv6 has no datagrams without checksums (RFC 8200 section 8.1); use -4';
  return protocolRefusal(probe.protocol, `-P ${probe.protocol}`) ?? mappedRefusal(target);
}

/** Refuses protocols as which a generic probe's octets would be read as an extension header or an ICMPv6 message. */
function protocolRefusal(protocol: number, option: string): string | undefined {
  if (protocol === IP_PROTOCOL.icmpv6) return `${option}: generic octets are no ICMPv6 message (use -I)`;
  if (protocol === 0 || !isExtensionHeader(protocol)) return undefined; // 0: the probe type's own
  return `${option}: in IPv6 this is an extension header (RFC 8200 section 4), not a protocol; use -4`;
}

/** An IPv4-mapped address stands for an IPv4 one within a program and is on no wire. RFC 4291 section 2.5.5.2. */
function mappedRefusal(target: Address): string | undefined {
  const octets = octetsOf(target);
  const prefix = octetsOf('::ffff:0:0').subarray(0, 12);
  if (!prefix.every((octet, index) => octets[index] === octet)) return undefined;
  return `${target}: an IPv4-mapped address is on no wire (trace to ${octets.subarray(12).join('.')})`;
}
