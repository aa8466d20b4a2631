/** Traces whose probes have been sent, and datagrams that arrive for them. */
import assert from 'node:assert/strict';
import { encodeDatagram } from '../../src/engine/encode-datagram.ts';
import type { ReceivedDatagram } from '../../src/ports/transport.ts';
import type { Flow } from '../../src/model/flow.ts';
import type { ProbeType } from '../../src/engine/probe-type.ts';
import { Trace, type TraceSpec } from '../../src/engine/trace.ts';
import { addressOf, familyOf, octetsOf, type Address, type Family } from '../../src/model/address.ts';
import { readDatagram, type Datagram } from '../sim/datagram.ts';
import { encodeError, type IcmpErrorKind, type LabelStack } from '../sim/icmp-error.ts';
import { flowOf } from '../probes/probe-flow.ts';
import { planOf } from './drive-scheduler.ts';

export const SOURCE = { 4: '192.0.2.1', 6: '2001:db8::1' } as const;
export const TARGET = { 4: '198.51.100.9', 6: '2001:db8:99::9' } as const;
export const OTHER = { 4: '203.0.113.7', 6: '2001:db8:77::7' } as const;
export const ROUTER = { 4: '192.0.2.254', 6: '2001:db8::fe' } as const;

export interface TraceChanges extends Partial<Omit<TraceSpec, 'flow' | 'probeType' | 'target'>> {
  readonly target?: Address;
  readonly flow?: Partial<Flow>;
}

export function traceOf(probeType: ProbeType, family: Family, changes: TraceChanges = {}): Trace {
  const { target = TARGET[family], flow, ...rest } = changes;
  const destination = octetsOf(target);
  return new Trace({
    probeType,
    flow: flowOf(family, { source: octetsOf(SOURCE[family]), destination, ...flow }),
    target,
    schedule: planOf(),
    gateways: [],
    tos: 0,
    flowLabel: 0,
    dontFragment: false,
    payload: new Uint8Array(28),
    translation: 'accept',
    ...rest,
  });
}

/** Sends the first `count` probes at 0 ms, as whole datagrams; at most 32, the window of the plan. */
export function sendProbes(trace: Trace, count = 6): Datagram[] {
  return Array.from({ length: count }, () => {
    const action = trace.scheduler.next(0);
    assert.ok(action.do === 'send');
    trace.scheduler.sent(action.probe, 0);
    return readDatagram(encodeDatagram(trace.datagram(action.probe)));
  });
}

/** A whole datagram as a transport hands it out. */
export function arrived(octets: Uint8Array, atMs = 10): ReceivedDatagram {
  const { family, protocol, source, ttl, transport } = readDatagram(octets);
  const facts = { family, protocol, source: addressOf(source), atMs, precision: 'user' } as const;
  if (family === 4) return { ...facts, octets, hasHeader: true };
  return { ...facts, octets: transport.slice(), hasHeader: false, ttl };
}

/** The error that `probe` meets, as it arrives. */
export function errorAbout(
  probe: Datagram,
  kind: IcmpErrorKind,
  { from = ROUTER[probe.family], labels = [] }: { from?: Address; labels?: LabelStack } = {},
): ReceivedDatagram {
  assert.equal(familyOf(from), probe.family);
  return arrived(encodeError(kind, probe, { responder: octetsOf(from), ttl: 250, labels }));
}
