/** Has the probes of traces take the way of their flows, where raw sockets alone cannot be made to. */
import type { Trace } from '../engine/trace.ts';
import type { Plan } from '../model/plan.ts';
import type { Transport } from '../ports/transport.ts';
import type { MeasureContext } from './context.ts';
import { rawOnlyOption } from './raw-only.ts';
import { openTransport } from './sockets.ts';
import type { Runner } from './trace-runner.ts';

/** Of which a first probe is made, to ask for its way. */
const FIRST = { ttl: 1, attempt: 0, sequence: 1 } as const;

/** The way of the first of these traces that the transport would send by another, in words; undefined when it sends all right. */
function firstAstray(transport: Transport, traces: readonly Trace[]): string | undefined {
  if (!transport.astray) return undefined;
  for (const trace of traces) {
    const way = transport.astray(trace.datagram(FIRST));
    if (way !== undefined) return way;
  }
  return undefined;
}

/** Says in one line that probes take another way than their flow, if any of these traces' do. */
export function warnOfAstray(
  transport: Transport,
  traces: readonly Trace[],
  warn: (message: string) => void,
): void {
  const way = firstAstray(transport, traces);
  if (way !== undefined) warn(`Warning: ${way}; the path shown may be another`);
}

/**
 * The transport for these traces: the one that is open, or plain sockets where that one would send by another way than the
 * flows have and plain sockets can send such probes. Says either in one line.
 * @throws UsageError when plain sockets cannot be opened
 */
export async function followFlows(
  transport: Transport,
  plan: Plan,
  runners: readonly Runner[],
  context: MeasureContext,
): Promise<Transport> {
  const { warn } = context;
  const traces = runners.map(({ trace }) => trace);
  const way = firstAstray(transport, traces);
  if (way === undefined) return transport;
  const types = [...new Set(traces.map(({ spec }) => spec.probeType))];
  const needsRaw =
    types.some(({ traits }) => traits.socket === 'raw') || rawOnlyOption(plan, types) !== undefined;
  if (needsRaw || plan.transport !== 'auto') {
    warn(`Warning: ${way}; the path shown may be another`);
    return transport;
  }
  warn(`Warning: ${way}; plain sockets send them`);
  return await openTransport(plan, types, context, { plainOnly: true });
}
