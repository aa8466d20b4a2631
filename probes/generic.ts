/** Probes of any IP protocol: two 16-bit words that tell them apart, then one that makes their sum right. */
import type { Flow } from '../src/model/flow.ts';
import type { ProbeType, QuotedMatch } from '../src/engine/probe-type.ts';
import { portless } from './portless.ts';
import { blank, setUint16, viewOf } from '../src/wire/bytes.ts';
import { internetChecksum, transportChecksum } from '../src/wire/checksum.ts';

const HEADER_LENGTH = 4;
const OFFSET = { ident: 0, sequence: 2 } as const;
/**
 * Where a Paris flow has the sequence. Its first 4 octets have to stay, since load balancers may take them for ports or
 * for the SPI of ESP (RFC 4303 section 2). The payload of such a probe has at least 4 octets.
 */
const PARIS_OFFSET = 6;
/**
 * Where the sum is made right, in probes that reach so far. Linux's nf_reject sends no ICMP error for a packet whose
 * 16-bit sum is wrong, and takes each protocol that it does not know for one with such a sum: over the octets alone in
 * IPv4, and over the pseudo-header too in IPv6.
 */
const SUM_OFFSET = 4;
const SUM_LENGTH = 2;

function makeSumRight(bytes: Uint8Array, flow: Flow): void {
  if (bytes.length < SUM_OFFSET + SUM_LENGTH) return;
  setUint16(bytes, SUM_OFFSET, 0);
  const sum = flow.family === 4 ? internetChecksum(bytes) : transportChecksum(flow, flow.protocol, bytes);
  setUint16(bytes, SUM_OFFSET, sum);
}

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
    makeSumRight(bytes, flow);
    return bytes;
  },
  identifyQuoted(octets, flow) {
    const view = viewOf(octets, HEADER_LENGTH, 'generic probe');
    if (view.getUint16(OFFSET.ident) !== flow.ident) return undefined;
    if (flow.paris) return identifyParis(octets, flow);
    return { sequence: (view.getUint16(OFFSET.sequence) - flow.port) & 0xffff };
  },
};
