/** Ports that tell probes apart: UDP, UDP-Lite and SCTP share them. */
import { sequenceIdentified, type Flow } from '../src/model/flow.ts';
import type { QuotedMatch } from '../src/engine/probe-type.ts';
import type { Probe } from '../src/model/probe.ts';
import { setUint16 } from '../src/wire/bytes.ts';
import { transportChecksum } from '../src/wire/checksum.ts';
import { decodeUdp, encodeUdp, UDP_CHECKSUM_OFFSET } from '../src/wire/udp.ts';

/** The base port of traceroute: 32768 + 666. The first probe goes to the port after it. */
export const TRACEROUTE_PORT = 33434;
const PORT_MASK = 0xffff;

/**
 * The ports of one probe. The destination port counts with the sequence, or the source port where the destination's is
 * fixed. In a Paris flow neither does.
 */
export function portsOf(sequence: number, flow: Flow): { source: number; destination: number } {
  if (flow.paris) return { source: flow.ident, destination: flow.port };
  return flow.fixedPort
    ? { source: (flow.ident + sequence) & PORT_MASK, destination: flow.port }
    : { source: flow.ident, destination: (flow.port + sequence) & PORT_MASK };
}

/** Builds the datagram of a probe, with its checksum over the first `lengthOrCoverage` octets. */
export function buildDatagram(
  probe: Probe,
  flow: Flow,
  payload: Uint8Array,
  header: { readonly protocol: number; readonly lengthOrCoverage: number },
): Uint8Array {
  const { source, destination } = portsOf(probe.sequence, flow);
  const { protocol, lengthOrCoverage } = header;
  const bytes = encodeUdp(
    { sourcePort: source, destinationPort: destination, lengthOrCoverage, checksum: 0 },
    payload,
  );
  if (flow.checksums) {
    const checksum = transportChecksum(flow, protocol, bytes, lengthOrCoverage);
    // RFC 768: a computed zero is sent as all ones, since a sent zero means that there is no checksum
    setUint16(bytes, UDP_CHECKSUM_OFFSET, checksum === 0 ? 0xffff : checksum);
  }
  return bytes;
}

/**
 * Finds the probe that has these ports. With a fixed port, a router may have translated the destination's.
 * @param identification - of the quoted IPv4 header: it tells the probes of a Paris flow apart, whose ports are the same
 */
export function matchPorts(octets: Uint8Array, flow: Flow, identification?: number): QuotedMatch | undefined {
  const { sourcePort, destinationPort } = decodeUdp(octets);
  if (flow.paris) {
    if (identification === undefined) return undefined;
    return matchFlow(octets, flow, sequenceIdentified(flow, identification));
  }
  if (!flow.fixedPort) {
    return sourcePort === flow.ident ? { sequence: (destinationPort - flow.port) & PORT_MASK } : undefined;
  }
  const sequence = (sourcePort - flow.ident) & PORT_MASK;
  return destinationPort === flow.port ? { sequence } : { sequence, translatedPort: destinationPort };
}

/** The probe of a Paris flow, where its sequence is known already: undefined unless the quoted ports are the flow's. */
export function matchFlow(octets: Uint8Array, flow: Flow, sequence: number): QuotedMatch | undefined {
  const { sourcePort, destinationPort } = decodeUdp(octets);
  if (sourcePort !== flow.ident) return undefined;
  return destinationPort === flow.port ? { sequence } : { sequence, translatedPort: destinationPort };
}

/** Tells whether a quote has the source port of a Paris flow: nothing else of it may be read before. */
export function isFromFlow(octets: Uint8Array, flow: Flow): boolean {
  return decodeUdp(octets).sourcePort === flow.ident;
}

/** Tells whether a datagram from the target belongs to a Paris flow. */
export function answersFlow(octets: Uint8Array, flow: Flow): boolean {
  const { sourcePort, destinationPort } = decodeUdp(octets);
  return sourcePort === flow.port && destinationPort === flow.ident;
}

/** Finds the probe that a datagram from the target answers. */
export function answersPorts(octets: Uint8Array, flow: Flow): { sequence: number } | undefined {
  const { sourcePort, destinationPort } = decodeUdp(octets);
  const sequence = flow.fixedPort ? destinationPort - flow.ident : sourcePort - flow.port;
  const match = portsOf(sequence & PORT_MASK, flow);
  const ours = match.source === destinationPort && match.destination === sourcePort;
  return ours ? { sequence: sequence & PORT_MASK } : undefined;
}
