/** TCP segments with any control bits. RFC 9293. */
import type { DirectMatch, ProbeType } from '../src/engine/probe-type.ts';
import type { Flow } from '../src/model/flow.ts';
import type { ArrivedState, PlainSocket, ProbeTraits } from '../src/model/probe-traits.ts';
import type { TcpState } from '../src/model/reply.ts';
import { setUint16 } from '../src/wire/bytes.ts';
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
} from '../src/wire/tcp.ts';
import { TRACEROUTE_PORT } from './port-pair.ts';
import { opensConnection, TCP_FLAG_NAMES, tcpFlagNames } from './tcp-flags.ts';

const PORT_MASK = 0xffff;
/**
 * The distance between the sequence numbers of two probes. An answer acknowledges all data of a probe and one more
 * (RFC 9293 section 3.4), and that must not reach the number of the next probe.
 */
const STRIDE = 0x10000;

/** The window that tcptraceroute advertises. Some filters drop a SYN without one. */
const WINDOW = 5840;

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

/** The probe that a segment from the target answers: by its acknowledgment, or of a bare RST by its sequence number. */
function answered(header: TcpHeader, flow: Flow): number | undefined {
  if (header.flags & TCP_FLAG.ack) {
    const { sequence, ahead } = locate(header.acknowledgment, flow);
    if (ahead >= controlLength(flow.tcpFlags)) return sequence;
  }
  if (header.flags & TCP_FLAG.rst) {
    // RFC 9293 section 3.10.7.1: a RST to a segment with ACK takes its sequence number from there
    const { sequence, ahead } = locate(header.sequenceNumber, flow);
    if (ahead === 0) return sequence;
  }
  return undefined;
}

function identifyDirect(octets: Uint8Array, flow: Flow): DirectMatch | undefined {
  const header = decodeTcp(octets);
  const sequence = answered(header, flow);
  if (sequence === undefined) return undefined;
  const { source, destination } = ports(sequence, flow);
  if (header.sourcePort !== destination || header.destinationPort !== source) return undefined;
  return { sequence, tcp: stateOf(header.flags) };
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
  filters: {
    nftables: ({ tcpFlags }) => ({
      by: 'name',
      name: 'tcp',
      matchesPort: true,
      ...(opensConnection(tcpFlags) ? {} : { extra: 'tcp flags & (syn | ack) == ack' }),
    }),
    pf: ({ tcpFlags }) => ({
      by: 'name',
      name: 'tcp',
      matchesPort: true,
      ...(opensConnection(tcpFlags) ? {} : { extra: 'flags any no state' }),
    }),
  },
  // every host has the protocol, and answers for closed ports by RST: RFC 9293 section 3.10.7.1
  targetComplaints: [],
  answerState,
  answerName: (answer) => (answer ? ANSWER_NAMES[answer.state] : 'answer'),
  flowName: ({ tcpFlags }) => `TCP (${tcpFlagNames(tcpFlags).toUpperCase()})`,
  flags: { names: TCP_FLAG_NAMES, initial: TCP_FLAG.syn, opens: opensConnection },
  socket,
  asksForOneConnection: ({ tcpFlags, fixedPort, portPerProbe }) =>
    opensConnection(tcpFlags) && fixedPort && !portPerProbe,
  showsService: true,
};

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
  parisFamilies: [4, 6],
  ipProtocol: () => IP_PROTOCOL.tcp,
  build({ sequence }, flow, payload) {
    const { source, destination } = ports(sequence, flow);
    const number = sequenceNumber(sequence, flow);
    const header = {
      sourcePort: source,
      destinationPort: destination,
      sequenceNumber: number,
      acknowledgment: flow.tcpFlags & TCP_FLAG.ack ? number : 0,
      flags: flow.tcpFlags,
      window: WINDOW,
      checksum: 0,
    };
    const bytes = encodeTcp(header, payload);
    if (flow.checksums) {
      setUint16(bytes, TCP_CHECKSUM_OFFSET, transportChecksum(flow, IP_PROTOCOL.tcp, bytes));
    }
    return bytes;
  },
  identifyQuoted(octets, flow) {
    const { sourcePort, destinationPort, sequenceNumber: number } = decodeTcpStart(octets);
    const { sequence, ahead } = locate(number, flow);
    const { source, destination } = ports(sequence, flow);
    if (ahead !== 0 || sourcePort !== source) return undefined;
    return destinationPort === destination ? { sequence } : { sequence, translatedPort: destinationPort };
  },
  identifyDirect,
};
