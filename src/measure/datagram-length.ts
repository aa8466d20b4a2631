/** How long the probes of a plan are. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { Family } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';

const IP_HEADER_LENGTH: Record<Family, number> = { 4: 20, 6: 40 };
/** What a probe has behind its IP header when nobody says, if its own header needs no more. */
const DEFAULT_REST = 20;
const GATEWAY_LENGTH = 4;

/** Octets of the whole datagram, and of what follows the probe type's own header. */
export interface DatagramLength {
  readonly total: number;
  readonly payload: number;
}

/** @throws UsageError when the length asked for has no room for the headers of this family */
export function datagramLength(plan: Plan, type: ProbeType, family: Family): DatagramLength {
  const options = plan.gateways.length === 0 ? 0 : (plan.gateways.length + 1) * GATEWAY_LENGTH;
  const before = IP_HEADER_LENGTH[family] + options;
  const least = before + type.minimumLength;
  const total = plan.length ?? Math.max(least, IP_HEADER_LENGTH[family] + DEFAULT_REST);
  if (total < least) throw new UsageError(`packet length must be > ${least - 1}`);
  return { total, payload: total - before - type.headerLength };
}

/** The printable characters of ASCII without the space: `!` to `}`. */
const FIRST_PRINTABLE = 0x21;
const PRINTABLE_COUNT = 0x7e - 0x21;

/** The octets that fill a probe up. */
export function fillingOf(filling: Plan['filling'], length: number): Uint8Array {
  const octet = (index: number): number =>
    filling === 'zeros' ? 0 : FIRST_PRINTABLE + (index % PRINTABLE_COUNT);
  return Uint8Array.from({ length }, (_, index) => octet(index));
}
