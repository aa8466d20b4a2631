/** Probes of any IP protocol: two 16-bit words that tell them apart, then zeros. */
import type { Flow } from '../src/model/flow.ts';
import type { ProbeType, QuotedMatch } from '../src/engine/probe-type.ts';
import { portless } from './portless.ts';
import { blank, setUint16, viewOf } from '../src/wire/bytes.ts';

const HEADER_LENGTH = 4;
const OFFSET = { ident: 0, sequence: 2 } as const;
/**
 * Where a Paris flow has the sequence. Its first 4 octets have to stay, since load balancers may take them for ports or
 * for the SPI of ESP (RFC 4303 section 2). The payload of such a probe has at least 4 octets.
 */
const PARIS_OFFSET = 6;

function identifyParis(octets: Uint8Array, flow: Flow): QuotedMatch | undefined {
  const view = viewOf(octets, PARIS_OFFSET + 2, 'generic probe');
  if (view.getUint16(OFFSET.sequence) !== flow.port) return undefined;
  return { sequence: view.getUint16(PARIS_OFFSET) };
}

/** Probes of any IP protocol, by its number. */
export const generic: ProbeType = {
  name: 'generic',
  summary: 'packets of any IP protocol, by name or number',
  headerLength: HEADER_LENGTH,
  minimumLength: HEADER_LENGTH,
  lengthUnit: 1,
  defaultPort: 0,
  traits: portless,
  fieldKey: '',
  identOffset: { probe: 0 },
  parisFamilies: [4, 6],
  ipProtocol: (_family, requested) => requested,
  build(probe, flow, payload) {
    const bytes = blank(HEADER_LENGTH, payload);
    setUint16(bytes, OFFSET.ident, flow.ident);
    setUint16(bytes, OFFSET.sequence, flow.paris ? flow.port : (flow.port + probe.sequence) & 0xffff);
    if (flow.paris) setUint16(bytes, PARIS_OFFSET, probe.sequence & 0xffff);
    return bytes;
  },
  identifyQuoted(octets, flow) {
    const view = viewOf(octets, HEADER_LENGTH, 'generic probe');
    if (view.getUint16(OFFSET.ident) !== flow.ident) return undefined;
    if (flow.paris) return identifyParis(octets, flow);
    return { sequence: (view.getUint16(OFFSET.sequence) - flow.port) & 0xffff };
  },
};
