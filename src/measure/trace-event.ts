/** What a trace tells while it runs. */
import type { ForeignDatagram } from '../engine/classify.ts';
import type { ProbeType } from '../engine/probe-type.ts';
import type { Counts } from '../engine/tracer.ts';
import type { ResolveError, TransportError, UsageError } from '../model/errors.ts';
import type { Outcome, StopReason } from '../model/outcome.ts';
import type { Probe } from '../model/probe.ts';
import type { Reply } from '../model/reply.ts';
import type { Transport } from '../ports/transport.ts';
import type { Endpoints } from './endpoints.ts';

/** The facts of a trace that stand before its first reply. */
export interface TraceStart {
  readonly endpoints: Endpoints;
  readonly probeType: ProbeType;
  /** Where all probes leave from one local port. */
  readonly sourcePort: number | undefined;
  /** Octets of a whole probe. */
  readonly length: number;
  /** The way that probes go to the wire. */
  readonly transport: Transport['name'];
  /** Each SYN is a connection of its own, so that its ports are others than those of the one before. */
  readonly connectsEach: boolean;
}

/** Times are milliseconds on the clock's scale, durations milliseconds. */
export type TraceEvent =
  /** The first probes have left, or leave now. */
  | ({ readonly type: 'start' } & TraceStart)
  /** A probe has left. */
  | { readonly type: 'sent'; readonly probe: Probe; readonly atMs: number }
  /** A reply that counts, at its arrival: its outcome follows in its turn. */
  | { readonly type: 'reply'; readonly probe: Probe; readonly reply: Reply; readonly rttMs: number }
  /** A reply that came too late or twice. It counts for nothing. */
  | {
      readonly type: 'ignored';
      readonly probe: Probe;
      readonly reply: Reply;
      readonly why: 'late' | 'duplicate';
      readonly rttMs: number;
    }
  /** Something arrived that is no reply. Only where the plan asks to be shown it. */
  | { readonly type: 'foreign'; readonly foreign: ForeignDatagram }
  /** What became of a probe, in the order of TTL and attempt. `datagram` makes its octets from the IP header on. */
  | { readonly type: 'outcome'; readonly outcome: Outcome; readonly datagram: () => Uint8Array }
  /** All outcomes of a hop; fewer than the plan has attempts where the trace ended within the hop. */
  | { readonly type: 'hop'; readonly ttl: number; readonly outcomes: readonly Outcome[] }
  /**
   * Nothing follows. `ignored` counts what arrived besides replies that counted, over all traces of the run, and `leftOut`
   * those of them that no event told of, because too many came.
   */
  | {
      readonly type: 'end';
      readonly reason: StopReason;
      readonly ignored: Readonly<Counts>;
      readonly leftOut: number;
    }
  /** This trace did not begin: its host, its addresses or its length are no good. Nothing follows. */
  | { readonly type: 'refused'; readonly error: UsageError | ResolveError | TransportError };

/** An event of one of several traces. */
export interface TraceEventOf {
  /** As the plan has it. */
  readonly host: string;
  /** Its place among the plans. */
  readonly index: number;
  readonly event: TraceEvent;
}
