/** One of the traces that the engine runs: builds its probes and knows their replies. */
import { familyOf, octetsOf, zoneOf, type Address, type Family } from '../model/address.ts';
import { claimOf } from '../model/answers.ts';
import type { Probe } from '../model/probe.ts';
import type { Reply } from '../model/reply.ts';
import { equal } from '../wire/bytes.ts';
import { NO_OPTIONS } from '../wire/ipv4.ts';
import { encodeLooseSourceRoute } from '../wire/ipv4-options.ts';
import type { ExpectedReplies, OutgoingDatagram } from '../ports/transport.ts';
import { identificationOf, sequenceIdentified, type Flow } from '../model/flow.ts';
import type { ProbeType } from './probe-type.ts';
import { sequenceCount, type SchedulePlan } from './schedule-plan.ts';
import { Scheduler } from './scheduler.ts';

/** `ignore` makes quotes with a translated destination foreign. */
type TranslationPolicy = 'accept' | 'ignore';

/** Everything that a trace is made from. */
export interface TraceSpec {
  readonly probeType: ProbeType;
  readonly flow: Flow;
  readonly target: Address;
  readonly schedule: SchedulePlan;
  /** The gateways of a loose source route, first to last; mostly none. RFC 791 section 3.1. */
  readonly gateways: readonly Address[];
  /** TOS octet or traffic class. */
  readonly tos: number;
  /** IPv6 only, 20 bits. */
  readonly flowLabel: number;
  readonly dontFragment: boolean;
  /** The octets that follow the probe type's own header. The first eight are drawn anew for each run. */
  readonly payload: Uint8Array;
  readonly translation: TranslationPolicy;
  /** Added to the sequences on the wire, so that a trace continues the flow of an earlier one. 0 when absent. */
  readonly sequenceOffset?: number;
  /**
   * The sequence on the wire of an earlier trace's probe under whose number all probes go: a box passes no other. Absent:
   * each has its own.
   */
  readonly repeats?: number | undefined;
}

/** `ready`: may have something to do now. `waiting`: has nothing to do for now. `over`: never again. */
type Turn = 'ready' | 'waiting' | 'over';

/** One trace: its specification and its schedule. */
export class Trace {
  readonly spec: TraceSpec;
  readonly family: Family;
  readonly protocol: number;
  readonly scheduler: Scheduler;
  /** The destinations that a quote has when nobody translated it: the gateways, then the target. */
  readonly stops: readonly Uint8Array[];
  /** Kept by the tracer that runs it. */
  turn: Turn = 'waiting';
  readonly #zone: string | undefined;
  readonly #destination: Uint8Array;
  readonly #options: Uint8Array;

  constructor(spec: TraceSpec) {
    this.spec = spec;
    this.family = familyOf(spec.target);
    this.protocol = spec.probeType.ipProtocol(this.family, spec.flow.protocol);
    const facts = {
      address: spec.target,
      stations: spec.gateways,
      family: this.family,
      traits: spec.probeType.traits,
    };
    this.scheduler = new Scheduler(this.family, spec.schedule, (reply) => claimOf(reply, facts));
    this.#zone = zoneOf(spec.target);
    this.stops = [...spec.gateways.map(octetsOf), spec.flow.destination];
    this.#destination = this.stops[0] ?? spec.flow.destination;
    this.#options = spec.gateways.length === 0 ? NO_OPTIONS : encodeLooseSourceRoute(this.stops.slice(1));
  }

  /** True for the octets of the target, or of a gateway on the way to it. */
  goesTo(address: Uint8Array): boolean {
    return this.stops.some((stop) => equal(stop, address));
  }

  /** The probe that was sent with this sequence on the wire, if one was. */
  probe(sequence: number): Probe | undefined {
    return this.scheduler.probe(sequence - (this.spec.sequenceOffset ?? 0));
  }

  /**
   * The probe that an answer of the target belongs to; undefined where the answer does not tell, nor what else is known.
   * @param named - the probe whose number it has
   */
  answered(named: Probe | undefined, reply: Reply): Probe | undefined {
    if (!named && this.spec.repeats !== undefined) return this.scheduler.onlyWaiting;
    return this.scheduler.answered(named?.sequence, reply);
  }

  /** The sequence on the wire of the probe whose number a probe has: its own, unless it repeats another one. */
  numberOf({ sequence, repeats }: Probe): number {
    const { sequenceOffset = 0, repeats: ofAll } = this.spec;
    return repeats === undefined ? (ofAll ?? sequence + sequenceOffset) : repeats + sequenceOffset;
  }

  /** The probe that was sent with this IPv4 identification, if one was. */
  probeOf(identification: number): Probe | undefined {
    return this.probe(sequenceIdentified(this.spec.flow, identification));
  }

  /** The IPv4 identification that a probe has. */
  identificationOf({ sequence }: Probe): number {
    return identificationOf(this.spec.flow, sequence + (this.spec.sequenceOffset ?? 0));
  }

  /** Describes the trace's replies, so that the system can keep back all other packets. */
  get expectedReplies(): ExpectedReplies {
    const { flow, probeType, schedule } = this.spec;
    const offsets = probeType.identOffset;
    const count = sequenceCount(schedule) + (this.spec.sequenceOffset ?? 0) + 1;
    const ident = offsets && {
      value: flow.ident,
      count,
      probeOffset: offsets.probe,
      ...(offsets.answer === undefined ? {} : { answerOffset: offsets.answer }),
    };
    const { family, protocol } = this;
    const responders = probeType.answersFromAnywhere ? [] : this.stops;
    // one more than there are sequences: the identification passes 0 over where it wraps round
    const identification = { value: identificationOf(flow, 0), count: count + 1 };
    const { source } = flow;
    return { family, protocol, source, responders, identification, ...(ident ? { ident } : {}) };
  }

  /** Builds the datagram of a probe. The same probe always gives the same octets. */
  datagram(probe: Probe): OutgoingDatagram {
    const { spec, family, protocol } = this;
    const { flow, sequenceOffset = 0 } = spec;
    const { ttl, attempt } = probe;
    const sequence = probe.sequence + sequenceOffset;
    return {
      family,
      source: flow.source,
      destination: this.#destination,
      zone: this.#zone,
      protocol,
      ttl,
      tos: spec.tos,
      flowLabel: spec.flowLabel,
      identification: this.identificationOf(probe),
      dontFragment: spec.dontFragment,
      options: this.#options,
      payload: spec.probeType.build(
        { ttl, attempt, sequence, repeats: this.numberOf(probe) },
        flow,
        spec.payload,
      ),
    };
  }
}
