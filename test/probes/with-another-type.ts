/** Runs suites that any probe type has to stand with one more in the registry, as a program of its own. */
import { anyProtocol, probeTypes, type ProbeType } from '../../probes/index.ts';

/** Of those for experiments. RFC 3692 section 2.1. */
const PROTOCOL = 253;

/** It keeps Paris flows, and has for its own a protocol that others take for one without a type. */
const another: ProbeType = {
  ...anyProtocol,
  name: 'another',
  ipProtocol: () => PROTOCOL,
  build: (probe, flow, payload) => anyProtocol.build(probe, { ...flow, protocol: PROTOCOL }, payload),
};

const registry = probeTypes as unknown as ProbeType[]; // a list like any other
registry.splice(registry.length - 1, 0, another);
// imported now, since suites read the registry when they are loaded
await import('./paris.test.ts');
await import('./conformance.test.ts');
await import('./conformance-verdict.test.ts');
