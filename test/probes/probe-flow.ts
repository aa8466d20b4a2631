/** Flows and probes for tests of probe types. */
import { anyProtocol, probeTypes } from '../../probes/index.ts';
import type { Flow } from '../../src/model/flow.ts';
import type { ProbeType } from '../../src/engine/probe-type.ts';
import { octetsOf, type Family } from '../../src/model/address.ts';
import type { Probe } from '../../src/model/probe.ts';
import { TCP_FLAG } from '../../src/wire/tcp.ts';

const ENDPOINTS = {
  4: { source: octetsOf('192.0.2.1'), destination: octetsOf('198.51.100.9') },
  6: { source: octetsOf('2001:db8::1'), destination: octetsOf('2001:db8:99::9') },
} as const;

/** For experiments (RFC 3692 section 2.1), and then unassigned ones: IANA "Assigned Internet Protocol Numbers". */
const SPARE_PROTOCOLS = [253, 254, 252, 251, 250];

function isTaken(protocol: number): boolean {
  const owners: readonly ProbeType[] = probeTypes.filter((type) => type !== anyProtocol);
  return owners.some((type) => type.ipProtocol(4, 0) === protocol || type.ipProtocol(6, 0) === protocol);
}

/** A protocol that no probe type has for its own. */
export const UNUSED_PROTOCOL = SPARE_PROTOCOLS.find((protocol) => !isTaken(protocol)) ?? 249;

export function flowOf(family: Family, changes: Partial<Flow> = {}): Flow {
  return {
    family,
    ...ENDPOINTS[family],
    ident: 0xbeef,
    port: 33434,
    fixedPort: false,
    portPerProbe: false,
    tcpFlags: TCP_FLAG.syn,
    initialSequence: 0x1234_5678,
    firstIdentification: 0x1234,
    protocol: UNUSED_PROTOCOL,
    checksums: true,
    ...changes,
  };
}

function probeOf(sequence: number): Probe {
  return { ttl: Math.min(255, 1 + Math.floor(sequence / 3)), attempt: sequence % 3, sequence };
}

/** The octets of one probe, filled up with `payloadLength` octets. */
export function buildProbe(type: ProbeType, flow: Flow, sequence: number, payloadLength = 28): Uint8Array {
  return type.build(probeOf(sequence), flow, new Uint8Array(payloadLength).fill(0x41));
}
