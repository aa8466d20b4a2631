/** Probes of any IP protocol: two 16-bit words that tell them apart, then zeros. */
import type { ProbeType } from '../src/engine/probe-type.ts';
import { viewOf } from '../src/wire/bytes.ts';

const HEADER_LENGTH = 4;
const OFFSET = { ident: 0, sequence: 2 } as const;

export const generic: ProbeType = {
  name: 'generic',
  summary: 'packets of any IP protocol, by name or number',
  headerLength: HEADER_LENGTH,
  minimumLength: HEADER_LENGTH,
  lengthUnit: 1,
  defaultPort: 0,
  fieldKey: '',
  ipProtocol: (_family, requested) => requested,
  build(probe, flow, payload) {
    const bytes = new Uint8Array(HEADER_LENGTH + payload.length);
    const view = new DataView(bytes.buffer);
    view.setUint16(OFFSET.ident, flow.ident);
    view.setUint16(OFFSET.sequence, (flow.port + probe.sequence) & 0xffff);
    bytes.set(payload, HEADER_LENGTH);
    return bytes;
  },
  identifyQuoted(octets, flow) {
    const view = viewOf(octets, HEADER_LENGTH, 'generic probe');
    if (view.getUint16(OFFSET.ident) !== flow.ident) return undefined;
    return { sequence: (view.getUint16(OFFSET.sequence) - flow.port) & 0xffff };
  },
};
