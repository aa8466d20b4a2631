/** Finds which of a trace's probes a quote is of, by what its probe type has read from it. */
import type { Probe } from '../model/probe.ts';
import type { QuotedField } from '../model/reply.ts';
import type { QuotedDatagram } from '../wire/quoted-datagram.ts';
import { WireError } from '../wire/wire-error.ts';
import type { QuotedMatch } from './probe-type.ts';
import type { Trace } from './trace.ts';

/** A probe that was sent, and what its quote has otherwise. */
export interface Match {
  readonly trace: Trace;
  readonly probe: Probe;
  readonly translatedPort: number | undefined;
  readonly differs?: readonly QuotedField[] | undefined;
}

/** Takes what one trace or another cannot read of a datagram. It counts only where the datagram is no probe's. */
export interface Unread {
  error: WireError | undefined;
}

/** Reads a quote as one of a trace's probes. What a trace cannot read may be another's: that one is asked too. */
export function readQuote(
  { spec: { probeType, flow, payload } }: Trace,
  { transport }: QuotedDatagram,
  identification: number | undefined,
  unread: Unread,
): QuotedMatch | undefined {
  try {
    return probeType.identifyQuoted(transport, flow, identification, payload.length);
  } catch (error) {
    noteUnread(unread, error);
    return undefined;
  }
}

/** Notes why a datagram could not be read. @throws whatever is no WireError */
export function noteUnread(unread: Unread, error: unknown): void {
  if (!(error instanceof WireError)) throw error;
  unread.error ??= error;
}

/** The probe of a match, among those that were sent; undefined when it was never sent. */
export function probeOfQuote(
  { sequence, named, translatedPort, differs }: QuotedMatch,
  trace: Trace,
): Match | undefined {
  const other = named === undefined ? undefined : trace.probe(named);
  if (other && trace.numberOf(other) === sequence) return { trace, probe: other, translatedPort, differs };
  const numbered = trace.probe(sequence);
  if (numbered) return { trace, probe: numbered, translatedPort, differs };
  return other && { trace, probe: other, translatedPort, differs: ['sequence'] };
}
