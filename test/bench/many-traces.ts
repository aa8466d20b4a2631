/** Runs many traces of one hop in one tracer, over the kernel transport, through the engine's own interface. */
import { udp } from '../../probes/udp.ts';
import type { Transport } from '../../src/ports/transport.ts';
import { Trace } from '../../src/engine/trace.ts';
import { Tracer } from '../../src/engine/tracer.ts';
import { addressOf, octetsOf, type Address } from '../../src/model/address.ts';
import { monotonicClock } from '../../src/net/monotonic-clock.ts';

/** What a run has to do. */
export interface Load {
  readonly source: Address;
  /** The other targets have the addresses that follow it. */
  readonly firstTarget: Address;
  readonly targets: number;
  readonly attempts: number;
  /** So many probes of each trace may be in flight at once. */
  readonly parallel: number;
}

/** What follows the UDP header in a probe of 40 octets. */
const PAYLOAD = new Uint8Array(12);
const WAIT_MS = 5000;
const NO_FLAGS = 0;

/** Makes a trace of one hop to each target. */
export function makeTraces({ source, firstTarget, targets, attempts, parallel }: Load): Trace[] {
  const from = octetsOf(source);
  const first = new DataView(octetsOf(firstTarget).slice().buffer).getUint32(0);
  return Array.from({ length: targets }, (_, index) => {
    const destination = new Uint8Array(4);
    new DataView(destination.buffer).setUint32(0, first + index);
    return new Trace({
      probeType: udp,
      // each member by name: a spread has V8 make a shape for each trace, and then every look into it takes longer
      flow: {
        family: 4,
        source: from,
        destination,
        ident: 0xa000,
        initialSequence: 0,
        firstIdentification: 0,
        protocol: 0,
        port: udp.defaultPort,
        fixedPort: false,
        portPerProbe: false,
        tcpFlags: NO_FLAGS,
        checksums: true,
      },
      target: addressOf(destination),
      schedule: {
        firstTtl: 1,
        maxTtl: 1,
        attempts,
        wait: { maxMs: WAIT_MS, hereFactor: 3, nearFactor: 10 },
        parallel,
        overlapWaits: false,
        pauseMs: 0,
        resends: false,
        reopens: false,
        stopRule: 'bsd',
      },
      gateways: [],
      tos: 0,
      flowLabel: 0,
      dontFragment: false,
      payload: PAYLOAD,
      translation: 'accept',
    });
  });
}

/** The result of a run. */
export interface Run {
  readonly answered: number;
  readonly seconds: number;
  /** In microseconds. */
  readonly rttsUs: Float64Array;
}

/** Runs the traces to their end. Calls `onSent` after each probe, with the number sent so far. */
export async function runTraces(
  traces: readonly Trace[],
  transport: Transport,
  onSent?: (sent: number, tracer: Tracer) => void,
): Promise<Run> {
  const attempts = traces[0]?.spec.schedule.attempts ?? 0;
  const rttsUs = new Float64Array(traces.length * attempts);
  let answered = 0;
  let sent = 0;
  const tracer = new Tracer(traces, transport, monotonicClock, {
    onOutcome: (_trace, outcome) => {
      if (outcome.status === 'replied') rttsUs[answered++] = outcome.rttMs * 1000;
    },
    ...(onSent
      ? {
          onSent: () => {
            onSent(++sent, tracer);
          },
        }
      : {}),
  });
  const startMs = performance.now();
  await tracer.run();
  const seconds = (performance.now() - startMs) / 1000;
  return { answered, seconds, rttsUs: rttsUs.subarray(0, answered) };
}
