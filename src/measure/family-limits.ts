/** Refuses options that the target's IP family does not have. */
import { familyOf, octetsOf, type Address } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';
import type { MatrixProbe, Plan } from '../model/plan.ts';
import { optionWord, type Wording } from './context.ts';
import { IP_PROTOCOL } from '../wire/codes.ts';
import { isExtensionHeader } from '../wire/ipv6-extension.ts';

/** Checks the plan against the target's family. @throws UsageError that names the option and what to do */
export function checkFamily(plan: Plan, target: Address, wording: Wording): void {
  const word = (letters: string): string => optionWord(wording, letters);
  const refusal = familyOf(target) === 4 ? ipv4Refusal(plan, word) : ipv6Refusal(plan, target, word);
  if (refusal !== undefined) throw new UsageError(refusal);
}

/** Checks the columns of a matrix likewise. @throws UsageError that names the first one that the family does not have */
export function checkColumns(columns: readonly MatrixProbe[], target: Address, wording: Wording): void {
  if (familyOf(target) === 4) return;
  for (const { name, probe } of columns) {
    const word = (letters: string): string => optionWord(wording, letters);
    const refusal = protocolRefusal(probe.protocol, `${word('--matrix')} ${name}`, word);
    if (refusal !== undefined) throw new UsageError(refusal);
  }
}

type Word = (letters: string) => string;

function ipv4Refusal({ flowLabel }: Plan, word: Word): string | undefined {
  if (flowLabel === undefined) return undefined;
  return `${word('--flow-label')}: IPv4 has no flow label (use ${word('-6')})`;
}

function ipv6Refusal({ gateways, checksums, probe }: Plan, target: Address, word: Word): string | undefined {
  if (gateways.length > 0) {
    return `${word('-g')}: IPv6 has no loose source route (RFC 5095); use ${word('-4')}`;
  }
  if (!checksums) {
    return `${word('-x')}: IPv6 has no datagrams without checksums (RFC 8200 section 8.1); use ${word('-4')}`;
  }
  const ofProbe = `${word('-P')} ${probe.protocol}`;
  return protocolRefusal(probe.protocol, ofProbe, word) ?? mappedRefusal(target);
}

/** Refuses protocols as which a generic probe's octets would be read as an extension header or an ICMPv6 message. */
function protocolRefusal(protocol: number, option: string, word: Word): string | undefined {
  if (protocol === IP_PROTOCOL.icmpv6) {
    return `${option}: generic octets are no ICMPv6 message (use ${word('-I')})`;
  }
  if (protocol === 0 || !isExtensionHeader(protocol)) return undefined; // 0: the probe type's own
  return `${option}: in IPv6 this is an extension header (RFC 8200 section 4), not a protocol; use ${word('-4')}`;
}

/** An IPv4-mapped address stands for an IPv4 one within a program and is on no wire. RFC 4291 section 2.5.5.2. */
function mappedRefusal(target: Address): string | undefined {
  const octets = octetsOf(target);
  const prefix = octetsOf('::ffff:0:0').subarray(0, 12);
  if (!prefix.every((octet, index) => octets[index] === octet)) return undefined;
  return `${target}: an IPv4-mapped address is on no wire (trace to ${octets.subarray(12).join('.')})`;
}
