/** Finds the traces that a reply may belong to. */
import type { Address } from '../model/address.ts';
import type { Trace } from './trace.ts';

export class TraceIndex {
  readonly #byTarget = new Map<string, Trace[]>();
  readonly #byProtocol = new Map<number, Trace[]>();

  constructor(traces: readonly Trace[]) {
    for (const trace of traces) {
      const { protocol, spec } = trace;
      for (const address of [spec.target, ...spec.gateways])
        push(this.#byTarget, key(protocol, address), trace);
      push(this.#byProtocol, protocol, trace);
    }
  }

  /** The traces of this protocol to this target, or over this gateway. */
  to(protocol: number, target: Address): readonly Trace[] {
    return this.#byTarget.get(key(protocol, target)) ?? [];
  }

  /** All traces of this protocol: for quotes whose destination a router has translated. */
  of(protocol: number): readonly Trace[] {
    return this.#byProtocol.get(protocol) ?? [];
  }
}

function key(protocol: number, target: Address): string {
  const zone = target.indexOf('%');
  return `${protocol}/${zone < 0 ? target : target.slice(0, zone)}`;
}

function push<Key>(map: Map<Key, Trace[]>, at: Key, trace: Trace): void {
  const traces = map.get(at);
  if (traces) traces.push(trace);
  else map.set(at, [trace]);
}
