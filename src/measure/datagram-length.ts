/** The length of a plan's probes. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { Family } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';

const IP_HEADER_LENGTH: Record<Family, number> = { 4: 20, 6: 40 };
/** Octets behind the IP header by default, unless the probe's own header needs more. */
const DEFAULT_REST = 20;
const GATEWAY_LENGTH = 4;

/** In octets: the whole datagram, and what follows the probe type's own header. */
export interface DatagramLength {
  readonly total: number;
  readonly payload: number;
}

/**
 * Chooses the length of a probe.
 * @throws UsageError when the length that the user gave is too short for the headers, or no multiple of the probe's unit
 */
export function datagramLength(plan: Plan, type: ProbeType, family: Family): DatagramLength {
  const options = plan.gateways.length === 0 ? 0 : (plan.gateways.length + 1) * GATEWAY_LENGTH;
  const before = IP_HEADER_LENGTH[family] + options;
  const least = before + type.minimumLength;
  const total = plan.length ?? Math.max(least, IP_HEADER_LENGTH[family] + DEFAULT_REST);
  if (total < least) throw new UsageError(`packet length must be > ${least - 1}`);
  if (total % type.lengthUnit !== 0) {
    throw new UsageError(`packet length must be a multiple of ${type.lengthUnit}`);
  }
  return { total, payload: total - before - type.headerLength };
}

/** The printable characters of ASCII without the space: `!` to `}`. */
const FIRST_PRINTABLE = 0x21;
const PRINTABLE_COUNT = 0x7e - 0x21;

/**
 * Makes the octets that fill a probe up.
 * @param cookie - the first of them: drawn anew for each run, so that no stranger knows them, nor checksums over them
 */
export function fillingOf(filling: Plan['filling'], length: number, cookie: Uint8Array): Uint8Array {
  const isPlain = filling === 'zeros';
  const octet = (index: number): number => {
    const drawn = cookie[index] ?? (isPlain ? 0 : index);
    return isPlain ? drawn : FIRST_PRINTABLE + (drawn % PRINTABLE_COUNT);
  };
  return Uint8Array.from({ length }, (_, index) => octet(index));
}
