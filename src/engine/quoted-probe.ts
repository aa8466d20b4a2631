/** Finds which of a trace's probes a quote is of, by what its probe type has read from it. */
import type { Probe } from '../model/probe.ts';
import type { QuotedField } from '../model/reply.ts';
import type { QuotedMatch } from './probe-type.ts';
import type { Trace } from './trace.ts';

/** A probe that was sent, and what its quote has otherwise. */
export interface Match {
  readonly trace: Trace;
  readonly probe: Probe;
  readonly translatedPort: number | undefined;
  readonly differs?: readonly QuotedField[] | undefined;
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
