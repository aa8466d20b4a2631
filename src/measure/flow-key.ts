/** What routing may look at in the first probe of a plan. */
import type { ProbeType } from '../engine/probe-type.ts';
import type { Family } from '../model/address.ts';
import type { Plan } from '../model/plan.ts';
import { uint16At } from '../wire/bytes.ts';
import type { Identity } from './identity.ts';
import type { FlowKey } from './origin.ts';
import { flowOf } from './trace-spec.ts';

const ADDRESS = { 4: '0.0.0.0', 6: '::' } as const;
const FIRST = { ttl: 1, attempt: 0, sequence: 1 } as const;

/** The protocol, and the ports where it has such. They do not depend on the addresses. */
export function flowKeyOf(plan: Plan, type: ProbeType, family: Family, identity: Identity): FlowKey {
  const protocol = type.ipProtocol(family, plan.probe.protocol);
  if (!type.traits.hasPorts) return { protocol };
  const anywhere = { family, source: ADDRESS[family], target: ADDRESS[family] };
  const octets = type.build(FIRST, flowOf(plan, type, anywhere, identity), new Uint8Array(0));
  return { protocol, sourcePort: uint16At(octets, 0), destinationPort: uint16At(octets, 2) };
}
