/** One trace among those that the engine runs: what it sends and how it knows its replies. */
import { familyOf, octetsOf, zoneOf, type Address, type Family } from '../model/address.ts';
import type { Probe } from '../model/probe.ts';
import { equal } from '../wire/bytes.ts';
import { NO_OPTIONS } from '../wire/ipv4.ts';
import { encodeLooseSourceRoute } from '../wire/ipv4-options.ts';
import type { ExpectedReplies, OutgoingDatagram } from '../ports/transport.ts';
import type { Flow } from '../model/flow.ts';
import type { ProbeType } from './probe-type.ts';
import { sequenceCount, type SchedulePlan } from './schedule-plan.ts';
import { Scheduler } from './scheduler.ts';

/** What is done with a quote whose destination is not the one we sent to. */
type TranslationPolicy = 'accept' | 'ignore';

export interface TraceSpec {
  readonly probeType: ProbeType;
  readonly flow: Flow;
  readonly target: Address;
  readonly schedule: SchedulePlan;
  /** The gateways of a loose source route, in the order to visit; mostly none. RFC 791 section 3.1. */
  readonly gateways: readonly Address[];
  readonly tos: number;
  readonly flowLabel: number;
  readonly dontFragment: boolean;
  /** What fills each probe up after the probe type's own header. */
  readonly payload: Uint8Array;
  readonly translation: TranslationPolicy;
  /** Added to the sequences on the wire, so that a trace goes on with the flow of one before it. */
  readonly sequenceOffset?: number;
}

/** May have something to do now, has nothing to do for now, or will have no more. */
type Turn = 'ready' | 'waiting' | 'over';

export class Trace {
  readonly spec: TraceSpec;
  readonly family: Family;
  readonly protocol: number;
  readonly scheduler: Scheduler;
  /** What a quote's destination is when nobody translated it: the target, or a gateway on the way. */
  readonly stops: readonly Uint8Array[];
  /** For the tracer that runs it. */
  turn: Turn = 'waiting';
  readonly #zone: string | undefined;
  readonly #destination: Uint8Array;
  readonly #options: Uint8Array;

  constructor(spec: TraceSpec) {
    this.spec = spec;
    this.family = familyOf(spec.target);
    this.protocol = spec.probeType.ipProtocol(this.family, spec.flow.protocol);
    this.scheduler = new Scheduler(this.family, spec.schedule);
    this.#zone = zoneOf(spec.target);
    this.stops = [...spec.gateways.map(octetsOf), spec.flow.destination];
    this.#destination = this.stops[0] ?? spec.flow.destination;
    this.#options = spec.gateways.length === 0 ? NO_OPTIONS : encodeLooseSourceRoute(this.stops.slice(1));
  }

  /** Whether these octets are an address that its probes are sent to. */
  goesTo(address: Uint8Array): boolean {
    return this.stops.some((stop) => equal(stop, address));
  }

  /** The probe that was sent with this sequence on the wire, if one was. */
  probe(sequence: number): Probe | undefined {
    return this.scheduler.probe(sequence - (this.spec.sequenceOffset ?? 0));
  }

  /** The probe that was sent with this IPv4 identification, if one was. */
  probeOf(identification: number): Probe | undefined {
    return this.probe((identification - this.spec.flow.ident) & 0xffff);
  }

  /** By what a system may tell its replies from all else. */
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
    return { family, protocol, source: flow.source, responders: this.stops, ...(ident ? { ident } : {}) };
  }

  /** The probe as it goes on the wire; the same for the same probe, whenever it is asked. */
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
      identification: (flow.ident + sequence) & 0xffff,
      dontFragment: spec.dontFragment,
      options: this.#options,
      payload: spec.probeType.build({ ttl, attempt, sequence }, flow, spec.payload),
    };
  }
}
