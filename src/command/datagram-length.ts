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
