/** Finds where in a probe's octets the numbers are that nobody off the path knows, save the flow's ident. */
import type { Probe } from '../model/probe.ts';
import { uint16At } from '../wire/bytes.ts';
import type { Trace, TraceSpec } from './trace.ts';

/** Any probe does: where its words are does not depend on which one it is. */
const SOME_PROBE: Probe = { ttl: 1, attempt: 0, sequence: 1 };
/** The octets of the payload that are drawn for each run. */
const COOKIE_LENGTH = 8;

const known = new WeakMap<TraceSpec, readonly number[]>();

/**
 * The offsets of the 16-bit words, from the transport header on, that change with what is drawn for a run: numbers of 32
 * bits, octets of the payload, and checksums over either. The ident alone changes none of them that it does not stand in.
 */
export function drawnWords({ spec }: Trace): readonly number[] {
  const words = known.get(spec) ?? findWords(spec);
  known.set(spec, words);
  return words;
}

function findWords({ probeType, flow, payload }: TraceSpec): number[] {
  const sent = probeType.build(SOME_PROBE, flow, payload);
  const otherNumbers = {
    ...flow,
    initialSequence: (flow.initialSequence + 0x1357_9bdf) >>> 0,
    firstIdentification: (flow.firstIdentification + 0x1357) & 0xffff,
  };
  const others = [
    probeType.build(SOME_PROBE, otherNumbers, payload),
    probeType.build(SOME_PROBE, flow, changed(payload, 0)),
    // one bit: what would be changed more than once could leave a checksum as it is
    probeType.build(SOME_PROBE, flow, changed(payload, Math.min(payload.length, COOKIE_LENGTH) - 1)),
  ];
  const words: number[] = [];
  for (let at = 0; at + 1 < sent.length; at += 2) {
    if (others.some((other) => uint16At(other, at) !== uint16At(sent, at))) words.push(at);
  }
  return words;
}

/** The payload, its drawn octets from `from` on with one bit changed in each. */
function changed(payload: Uint8Array, from: number): Uint8Array {
  return payload.map((octet, index) => (index >= from && index < COOKIE_LENGTH ? octet ^ 1 : octet));
}
