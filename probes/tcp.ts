/** TCP segments with any control bits. RFC 9293. */
import type { DirectMatch, ProbeType, QuotedMatch } from '../src/engine/probe-type.ts';
import { identificationOf, nameOf, sequenceIdentified, sequenceNamed, type Flow } from '../src/model/flow.ts';
import type { ArrivedState, PlainSocket, ProbeTraits } from '../src/model/probe-traits.ts';
import type { TcpState } from '../src/model/reply.ts';
import { setUint16, uint16At } from '../src/wire/bytes.ts';
import { transportChecksum } from '../src/wire/checksum.ts';
import { IP_PROTOCOL } from '../src/wire/codes.ts';
import {
  decodeTcp,
  decodeTcpStart,
  encodeTcp,
  TCP_CHECKSUM_OFFSET,
  TCP_FLAG,
  TCP_HEADER_LENGTH,
  type TcpHeader,
  type TcpStart,
} from '../src/wire/tcp.ts';
import { TRACEROUTE_PORT } from './port-pair.ts';
import { tcpFilters } from './tcp-filters.ts';
import { isTracked, opensConnection, TCP_FLAG_NAMES, tcpFlagNames } from './tcp-flags.ts';

const PORT_MASK = 0xffff;
/**
 * The distance between the sequence numbers of two probes. An answer acknowledges all data of a probe and one more
 * (RFC 9293 section 3.4), and that must not reach the number of the next probe. Nearer ones would also lie in the window of
 * a server that has accepted the first, which then resets: an open port would look closed (RFC 9293 section 3.10.7.4).
 */
const STRIDE = 0x10000;

/** The window that tcptraceroute advertises. Some filters drop a SYN without one. */
const WINDOW = 5840;
/** Over IPv6, whose header has no identification, the window names the probe. Some filters drop a SYN with a tiny one. */
const LEAST_WINDOW = 1024;
const WINDOW_OFFSET = 14;

function windowOf(sequence: number, flow: Flow): number {
  return flow.family === 4 ? WINDOW : nameOf(flow, sequence, LEAST_WINDOW);
}

/**
 * The probe that a quote names besides its numbers; undefined where so little is quoted that it names none.
 * @param numbered - the probe that its numbers tell: it is preferred where two have one name
 */
function namedIn(
  octets: Uint8Array,
  flow: Flow,
  identification: number | undefined,
  numbered: number,
): number | undefined {
  if (identification !== undefined) {
    const isSame = identificationOf(flow, numbered) === identification;
    return isSame ? numbered : sequenceIdentified(flow, identification);
  }
  // errors of ICMPv6 quote as much as fits: RFC 4443 section 2.4
  if (flow.family === 4 || octets.length < WINDOW_OFFSET + 2) return undefined;
  const window = uint16At(octets, WINDOW_OFFSET);
  return windowOf(numbered, flow) === window ? numbered : sequenceNamed(flow, window, LEAST_WINDOW);
}

/** The sequence number of a probe. Its acknowledgment field holds it too, so that a RST names it. */
function sequenceNumber(sequence: number, flow: Flow): number {
  return (flow.initialSequence + sequence * STRIDE) >>> 0;
}

/** The probe that `number` belongs to, and the distance from that probe's own number. */
function locate(number: number, flow: Flow): { sequence: number; ahead: number } {
  const distance = (number - flow.initialSequence) >>> 0;
  return { sequence: Math.floor(distance / STRIDE), ahead: distance % STRIDE };
}

function ports(sequence: number, flow: Flow): { source: number; destination: number } {
  return {
    source: flow.portPerProbe ? (flow.ident + sequence) & PORT_MASK : flow.ident,
    destination: flow.fixedPort ? flow.port : (flow.port + sequence) & PORT_MASK,
  };
}

/** The state of the port by the answer's control bits. A RST means closed, with ECE or without. */
function stateOf(flags: number): TcpState {
  const { syn, ack, rst, ece, cwr } = TCP_FLAG;
  if (flags & rst) return { state: 'closed' };
  // RFC 3168 section 6.1.1: an ECN-setup SYN-ACK has ECE and not CWR
  if ((flags & (syn | ack)) === (syn | ack)) return { state: 'open', ecn: (flags & (ece | cwr)) === ece };
  return { state: 'other', flags };
}

/** The number of sequence numbers that a segment's control bits take up. RFC 9293 section 3.4. */
function controlLength(flags: number): number {
  return Number((flags & TCP_FLAG.syn) !== 0) + Number((flags & TCP_FLAG.fin) !== 0);
}

/** The probe that a segment from the target acknowledges, or whose acknowledgment a RST has for its sequence number. */
function answered(header: TcpHeader, flow: Flow, payloadLength: number): number | undefined {
  if (header.flags & TCP_FLAG.ack) {
    const { sequence, ahead } = locate(header.acknowledgment, flow);
    const control = controlLength(flow.tcpFlags);
    // RFC 9293 section 3.10.7.3: what was never sent cannot be acknowledged
    if (ahead >= control && ahead <= control + payloadLength) return sequence;
  }
  if (header.flags & TCP_FLAG.rst && flow.tcpFlags & TCP_FLAG.ack) {
    // RFC 9293 section 3.10.7.1: a RST to a segment with ACK takes its sequence number from there
    const { sequence, ahead } = locate(header.sequenceNumber, flow);
    if (ahead === 0) return sequence;
  }
  return undefined;
}

/** Tells whether the ports name a probe: those of others of its flow differ. */
function hasOwnPorts({ fixedPort, portPerProbe }: Flow): boolean {
  return portPerProbe || !fixedPort;
}

/**
 * Tells whether a segment may answer a probe although its numbers name none: one without ACK has no number to tell, and
 * the ACK of a connection that is older, or was asked for by another probe, has that one's (RFC 5961 section 4).
 */
function isNameless({ flags, sequenceNumber }: TcpHeader, flow: Flow): boolean {
  const { syn, rst, ack } = TCP_FLAG;
  if (flow.tcpFlags & ack) return false;
  if (flags & rst) return !(flags & ack) && sequenceNumber === 0;
  return (flags & (syn | ack)) !== (syn | ack);
}

/** The probe that a nameless answer comes from by its ports; a match without a sequence where all probes have the same. */
function byPorts({ sourcePort, destinationPort, flags }: TcpHeader, flow: Flow): DirectMatch {
  const tcp = stateOf(flags);
  if (flow.portPerProbe) return { sequence: (destinationPort - flow.ident) & PORT_MASK, tcp };
  return flow.fixedPort ? { tcp } : { sequence: (sourcePort - flow.port) & PORT_MASK, tcp };
}

function matchOf(header: TcpHeader, flow: Flow, payloadLength: number): DirectMatch | undefined {
  const tcp = stateOf(header.flags);
  // a bare ACK has the number of the probe that has opened the connection, not of the one that it answers
  const isNumbered = tcp.state !== 'other' || hasOwnPorts(flow) || !opensConnection(flow.tcpFlags);
  const sequence = isNumbered ? answered(header, flow, payloadLength) : undefined;
  if (sequence !== undefined) return { sequence, tcp };
  return isNameless(header, flow) ? byPorts(header, flow) : undefined;
}

function identifyDirect(octets: Uint8Array, flow: Flow, payloadLength = 0): DirectMatch | undefined {
  const header = decodeTcp(octets);
  const match = matchOf(header, flow, payloadLength);
  const { source, destination } = ports(match?.sequence ?? 0, flow);
  return header.sourcePort === destination && header.destinationPort === source ? match : undefined;
}

/** The state of the port by the answer to a segment with these control bits. */
function answerState(tcp: TcpState | undefined, flags: number): ArrivedState {
  if (!tcp) return 'reached';
  if (tcp.state === 'open') return 'open';
  // RFC 9293 section 3.10.7.2: a RST answers any segment but a bare SYN, whether the port is open or not
  if (!opensConnection(flags)) return 'reached';
  if (tcp.state === 'closed') return 'closed';
  // RFC 5961 section 4: where the SYN-ACK was lost, the half-open connection answers the next SYN with an ACK
  return tcp.flags === TCP_FLAG.ack ? 'open' : 'reached';
}

const ANSWER_NAMES = { open: 'SYN-ACK', closed: 'RST', other: 'TCP answer' } as const;

/** A connect sends SYNs without ECN and data, each from a port of its own. */
const socket: PlainSocket = {
  kind: 'connection',
  lacks: ['-x', '--dnat'],
  beyond({ length, sourcePort }, { tcpFlags }) {
    if (tcpFlags & TCP_FLAG.ack) return '-A';
    if (tcpFlags & TCP_FLAG.ece) return '-E';
    if (tcpFlags !== TCP_FLAG.syn) return 'TCP control bits besides SYN';
    if (length !== undefined) return 'a packet length';
    return sourcePort === undefined ? undefined : '-p';
  },
};

const traits: ProbeTraits = {
  hasPorts: true,
  filters: tcpFilters,
  // every host has the protocol, and answers for closed ports by RST: RFC 9293 section 3.10.7.1
  targetComplaints: [],
  answerState,
  answerName: (answer) => (answer ? ANSWER_NAMES[answer.state] : 'answer'),
  flowName: ({ tcpFlags }) => `TCP (${tcpFlagNames(tcpFlags).toUpperCase()})`,
  flags: { names: TCP_FLAG_NAMES, initial: TCP_FLAG.syn, opens: opensConnection, isTracked },
  socket,
  asksForOneConnection: ({ tcpFlags, fixedPort, portPerProbe }) =>
    opensConnection(tcpFlags) && fixedPort && !portPerProbe,
  showsService: true,
};

const SEQUENCE_ALONE = ['sequence'] as const;

/** The match of a quote with a probe, if its ports say that it may be that one's. */
function quotedWith(
  { sourcePort, destinationPort }: TcpStart,
  sequence: number,
  flow: Flow,
): QuotedMatch | undefined {
  const { source, destination } = ports(sequence, flow);
  if (sourcePort !== source) return undefined;
  return destinationPort === destination ? { sequence } : { sequence, translatedPort: destinationPort };
}

/** Segments that the sequence number tells apart. */
export const tcp: ProbeType = {
  name: 'tcp',
  summary: 'TCP segments: SYN, ACK, FIN, with or without ECN',
  headerLength: TCP_HEADER_LENGTH,
  minimumLength: TCP_HEADER_LENGTH,
  lengthUnit: 1,
  defaultPort: TRACEROUTE_PORT,
  traits,
  fieldKey: 'spt dpt seq     ack     xxflwin sum urp',
  identOffset: { probe: 0, answer: 2 },
  reservedPort: 'tcp',
  quotesNumber: true,
  parisFamilies: [4, 6],
  ipProtocol: () => IP_PROTOCOL.tcp,
  build({ sequence, repeats = sequence }, flow, payload) {
    const { source, destination } = ports(sequence, flow);
    const number = sequenceNumber(repeats, flow);
    const header = {
      sourcePort: source,
      destinationPort: destination,
      sequenceNumber: number,
      acknowledgment: flow.tcpFlags & TCP_FLAG.ack ? number : 0,
      flags: flow.tcpFlags,
      window: windowOf(sequence, flow),
      checksum: 0,
    };
    const bytes = encodeTcp(header, payload);
    if (flow.checksums) {
      setUint16(bytes, TCP_CHECKSUM_OFFSET, transportChecksum(flow, IP_PROTOCOL.tcp, bytes));
    }
    return bytes;
  },
  identifyQuoted(octets, flow, identification) {
    const start = decodeTcpStart(octets);
    const { sequence, ahead } = locate(start.sequenceNumber, flow);
    const named = namedIn(octets, flow, identification, sequence);
    const match = ahead === 0 ? quotedWith(start, sequence, flow) : undefined;
    if (match) return named === undefined || named === sequence ? match : { ...match, named };
    const renumbered = named === undefined ? undefined : quotedWith(start, named, flow);
    // where the ports count too, they have to agree
    if (!renumbered || (!flow.fixedPort && renumbered.translatedPort !== undefined)) return undefined;
    return { ...renumbered, differs: SEQUENCE_ALONE };
  },
  identifyDirect,
};
