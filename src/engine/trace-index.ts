/** Finds the traces that a reply may belong to. */
import { addressOf } from '../model/address.ts';
import { int32At } from '../wire/bytes.ts';
import type { Trace } from './trace.ts';

/** An address as the key of a map. For IPv4 a 32-bit integer, which takes a tenth of the time of text. */
type AddressKey = number | string;

/** The traces of one run by protocol and destination. */
export class TraceIndex {
  readonly #byProtocol = new Map<number, Trace[]>();
  readonly #byStop = new Map<number, Map<AddressKey, Trace[]>>();

  constructor(traces: readonly Trace[]) {
    for (const trace of traces) this.add(trace);
  }

  /** Adds a trace behind all others. */
  add(trace: Trace): void {
    const { protocol, stops } = trace;
    push(this.#byProtocol, protocol, trace);
    const byStop = this.#byStop.get(protocol) ?? new Map<AddressKey, Trace[]>();
    this.#byStop.set(protocol, byStop);
    for (const stop of stops) push(byStop, addressKey(stop), trace);
  }

  /** Forgets a trace, so that no reply is its. */
  remove(trace: Trace): void {
    const { protocol, stops } = trace;
    drop(this.#byProtocol, protocol, trace);
    const byStop = this.#byStop.get(protocol);
    if (byStop) for (const stop of stops) drop(byStop, addressKey(stop), trace);
  }

  /** The traces of a protocol to a target or over a gateway. @param stop - its address, 4 or 16 octets */
  to(protocol: number, stop: Uint8Array): readonly Trace[] {
    return this.#byStop.get(protocol)?.get(addressKey(stop)) ?? [];
  }

  /** All traces of a protocol, for quotes whose destination a router has translated. */
  of(protocol: number): readonly Trace[] {
    return this.#byProtocol.get(protocol) ?? [];
  }
}

function addressKey(octets: Uint8Array): AddressKey {
  return octets.length === 4 ? int32At(octets, 0) : addressOf(octets);
}

function push<Key>(map: Map<Key, Trace[]>, at: Key, trace: Trace): void {
  const traces = map.get(at);
  if (traces) traces.push(trace);
  else map.set(at, [trace]);
}

function drop<Key>(map: Map<Key, Trace[]>, at: Key, trace: Trace): void {
  const traces = map.get(at)?.filter((other) => other !== trace) ?? [];
  if (traces.length > 0) map.set(at, traces);
  else map.delete(at);
}
