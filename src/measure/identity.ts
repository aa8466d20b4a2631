/** The numbers by which the probes of one trace are known, drawn anew for each run. */
import type { ProbeType } from '../engine/probe-type.ts';
import { sequenceCount } from '../engine/schedule-plan.ts';
import type { Plan } from '../model/plan.ts';
import type { Machine } from '../ports/machine.ts';
import { concat, setUint32, uint16At } from '../wire/bytes.ts';
import type { IdentNeed } from './idents.ts';
import { flowOf, scheduleOf } from './trace-spec.ts';

/** The numbers of one trace. */
export interface Identity {
  /** Source port, ICMP identifier or its like. 16 bits. */
  readonly ident: number;
  /** TCP's first sequence number, and what else needs 32 bits. */
  readonly initialSequence: number;
  /** From where IPv4 identifications count up. 16 bits. */
  readonly firstIdentification: number;
  /** The first octets of what fills the probes up. */
  readonly cookie: Uint8Array;
}

/** The octets of a probe of any type behind its own header, as many as tell the flow. */
const SOME_PAYLOAD = new Uint8Array(8);
const ADDRESS = { 4: '0.0.0.0', 6: '::' } as const;
const ANY_IDENTITY: Identity = {
  ident: 1,
  initialSequence: 0,
  firstIdentification: 0,
  cookie: new Uint8Array(0),
};

/** Draws the numbers of a trace, each apart from all others: who guesses one has learned nothing of the next. */
export function drawIdentity(ident: number, { random }: Pick<Machine, 'random'>): Identity {
  return {
    ident,
    initialSequence: random(0x1_0000_0000),
    firstIdentification: random(0x1_0000),
    cookie: concat(uint32(random(0x1_0000_0000)), uint32(random(0x1_0000_0000))),
  };
}

function uint32(value: number): Uint8Array {
  const octets = new Uint8Array(4);
  setUint32(octets, 0, value);
  return octets;
}

/** The idents that the probes of a plan take. */
export function identNeed(plan: Plan, type: ProbeType): IdentNeed {
  const most = sequenceCount(scheduleOf(plan, type)) + 1;
  return needOf(plan, type, most, false);
}

/** The idents that a matrix takes for the column of this probe. @param most - as many as it may count up over */
export function columnNeed(plan: Plan, type: ProbeType, most: number): IdentNeed {
  return needOf(plan, type, most, true);
}

function needOf(plan: Plan, type: ProbeType, most: number, wantsParis: boolean): IdentNeed {
  return {
    protocol: type.ipProtocol(4, plan.probe.protocol),
    most,
    width: () => (countsUp(plan, type, wantsParis) ? most : 1),
  };
}

/** True where the probes of a plan have idents of their own, which count up with the sequence. */
export function countsUp(
  plan: Pick<Plan, 'families' | 'probe' | 'checksums'>,
  type: ProbeType,
  wantsParis = false,
): boolean {
  const at = type.identOffset?.probe;
  if (at === undefined) return false;
  return plan.families.some((family) => {
    const paris = wantsParis && (type.parisFamilies?.includes(family) ?? false);
    const ends = { family, source: ADDRESS[family], target: ADDRESS[family] };
    const flow = { ...flowOf(plan, type, ends, ANY_IDENTITY), paris };
    const [first, second] = [1, 2].map((sequence) =>
      uint16At(type.build({ ttl: 1, attempt: 0, sequence }, flow, SOME_PAYLOAD), at),
    );
    return first !== second;
  });
}
