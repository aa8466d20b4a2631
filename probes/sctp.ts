/** SCTP packets: an INIT where the length has room for it, else a SHUTDOWN ACK. RFC 9260. */
import type { DirectMatch, ProbeType, QuotedMatch } from '../src/engine/probe-type.ts';
import type { Flow } from '../src/model/flow.ts';
import type { ProbeTraits } from '../src/model/probe-traits.ts';
import { concat, viewOf } from '../src/wire/bytes.ts';
import { IP_PROTOCOL, MAX_SEQUENCE } from '../src/wire/codes.ts';
import {
  decodeSctpFirstChunk,
  decodeSctpStart,
  encodeSctp,
  encodeSctpChunk,
  SCTP_CHUNK,
  SCTP_CHUNK_HEADER_LENGTH,
  SCTP_HEADER_LENGTH,
} from '../src/wire/sctp.ts';
import { byPort, PORTS_IN_NFT_ALONE, withoutPorts } from './filter-words.ts';
import {
  answersFlow,
  answersPorts,
  isFromFlow,
  matchFlow,
  matchPorts,
  portsOf,
  TRACEROUTE_PORT,
} from './port-pair.ts';

/** Octets of the fixed part of an INIT chunk's value. RFC 9260 section 3.3.2. */
const INIT_VALUE_LENGTH = 16;
const INIT_OFFSET = { initiateTag: 0, receiverWindow: 4, outboundStreams: 8, inboundStreams: 10 } as const;
/** The offset in a packet whose first chunk is an INIT. */
const INITIATE_TAG_OFFSET = SCTP_HEADER_LENGTH + SCTP_CHUNK_HEADER_LENGTH + INIT_OFFSET.initiateTag;
/** The smallest window that a receiver may advertise, in octets. RFC 9260 section 3.3.2. */
const RECEIVER_WINDOW = 1500;
/** The type of the padding parameter. RFC 4820 section 4. */
const PAD_PARAMETER = 0x8005;
const PARAMETER_HEADER_LENGTH = 4;

/** The number to which the sequences of a flow are added. Without its highest bit, no sum wraps round to 0. */
function firstTagOf({ initialSequence }: Flow): number {
  return initialSequence & 0x7fffffff;
}

/** The tag of a probe, which answers give back. It may not be 0. RFC 9260 sections 3.3.2 and 8.5. */
function tagOf(sequence: number, flow: Flow): number {
  return firstTagOf(flow) + sequence;
}

function initChunk(tag: number, room: number): Uint8Array {
  const value = new Uint8Array(room - SCTP_CHUNK_HEADER_LENGTH);
  const view = new DataView(value.buffer);
  view.setUint32(INIT_OFFSET.initiateTag, tag);
  view.setUint32(INIT_OFFSET.receiverWindow, RECEIVER_WINDOW);
  view.setUint16(INIT_OFFSET.outboundStreams, 1);
  view.setUint16(INIT_OFFSET.inboundStreams, 1);
  if (value.length >= INIT_VALUE_LENGTH + PARAMETER_HEADER_LENGTH) {
    view.setUint16(INIT_VALUE_LENGTH, PAD_PARAMETER);
    view.setUint16(INIT_VALUE_LENGTH + 2, value.length - INIT_VALUE_LENGTH);
  }
  return encodeSctpChunk({ type: SCTP_CHUNK.init, flags: 0, value });
}

/** A SHUTDOWN ACK, and a PAD chunk in the room that is left. */
function shutdownAckChunks(room: number): Uint8Array {
  if (room < SCTP_CHUNK_HEADER_LENGTH) return new Uint8Array(room);
  const shutdownAck = encodeSctpChunk({ type: SCTP_CHUNK.shutdownAck, flags: 0, value: new Uint8Array() });
  const left = room - shutdownAck.length;
  if (left < SCTP_CHUNK_HEADER_LENGTH) return shutdownAck;
  const value = new Uint8Array(left - SCTP_CHUNK_HEADER_LENGTH);
  return concat(shutdownAck, encodeSctpChunk({ type: SCTP_CHUNK.pad, flags: 0, value }));
}

function hasRoomForInit(room: number): boolean {
  return room >= SCTP_CHUNK_HEADER_LENGTH + INIT_VALUE_LENGTH;
}

/** Tells whether the quoted packet has this tag, as far as it is quoted. @param sendsInit - false where no INIT was sent */
function hasTag(octets: Uint8Array, tag: number, sendsInit: boolean): boolean {
  const { verificationTag } = decodeSctpStart(octets);
  if (verificationTag === tag) return true;
  // RFC 9260 section 8.5.1: an INIT has a verification tag of 0, and the initiate tag in its chunk
  if (verificationTag !== 0 || !sendsInit) return false;
  const view = viewOf(octets, 0, 'SCTP');
  return octets.length < INITIATE_TAG_OFFSET + 4 || view.getUint32(INITIATE_TAG_OFFSET) === tag;
}

/** The sequence of a Paris flow's probe that has this tag. */
function sequenceOfTag(tag: number, flow: Flow): number | undefined {
  const sequence = (tag - firstTagOf(flow)) >>> 0;
  return sequence <= MAX_SEQUENCE ? sequence : undefined;
}

/** Finds a probe by its tag where that is quoted, else by the identification. */
function identifyQuotedParis(
  octets: Uint8Array,
  flow: Flow,
  identification: number | undefined,
  sendsInit: boolean,
): QuotedMatch | undefined {
  if (!isFromFlow(octets, flow)) return undefined;
  const { verificationTag } = decodeSctpStart(octets);
  if (verificationTag === 0 && !sendsInit) return undefined;
  const isQuoted = verificationTag !== 0 || octets.length >= INITIATE_TAG_OFFSET + 4;
  if (!isQuoted) return matchPorts(octets, flow, identification);
  const tag = verificationTag || viewOf(octets, 0, 'SCTP').getUint32(INITIATE_TAG_OFFSET);
  const sequence = sequenceOfTag(tag, flow);
  return sequence === undefined ? undefined : matchFlow(octets, flow, sequence);
}

function identifyDirectParis(octets: Uint8Array, flow: Flow): DirectMatch | undefined {
  if (!answersFlow(octets, flow)) return undefined;
  const sequence = sequenceOfTag(decodeSctpStart(octets).verificationTag, flow);
  return sequence === undefined ? undefined : { sequence };
}

function identifyDirectByPorts(octets: Uint8Array, flow: Flow): DirectMatch | undefined {
  const match = answersPorts(octets, flow);
  const { verificationTag } = decodeSctpStart(octets);
  return match && verificationTag === tagOf(match.sequence, flow) ? match : undefined;
}

function identifyDirect(octets: Uint8Array, flow: Flow): DirectMatch | undefined {
  const match = flow.paris ? identifyDirectParis(octets, flow) : identifyDirectByPorts(octets, flow);
  if (match) decodeSctpFirstChunk(octets);
  return match;
}

/** Filters that keep state of SCTP know it after an INIT alone, and many keep none. So no rule relies on it. */
const filters: ProbeTraits['filters'] = {
  ...PORTS_IN_NFT_ALONE,
  nft: (packet) => ({ ...byPort('sctp')(packet), isUntracked: true }),
  // pf.conf(5), "port": pfctl of OpenBSD and macOS refuses a rule with ports of SCTP
  pf: (packet) => ({
    ...withoutPorts('only pf of FreeBSD 14 and later matches ports of SCTP: this lets all of them pass')(
      packet,
    ),
    isUntracked: true,
  }),
};

const traits: ProbeTraits = {
  hasPorts: true,
  filters,
  targetComplaints: ['protocol'],
  answerState: () => 'reached',
  answerName: () => 'answer',
  flowName: () => 'SCTP',
  socket: 'raw',
  // room for an INIT: firewalls let it open an association
  matrixPayload: SCTP_CHUNK_HEADER_LENGTH + INIT_VALUE_LENGTH,
  showsService: false,
};

/** Packets that ports and tags tell apart. */
export const sctp: ProbeType = {
  name: 'sctp',
  summary: 'SCTP packets: SHUTDOWN ACK, or INIT from 52 octets on',
  headerLength: SCTP_HEADER_LENGTH,
  minimumLength: SCTP_HEADER_LENGTH,
  lengthUnit: 4,
  defaultPort: TRACEROUTE_PORT,
  traits,
  fieldKey: 'spt dpt vtag    crc     tyfllen tyfllen ',
  identOffset: { probe: 0, answer: 2 },
  parisFamilies: [4, 6],
  ipProtocol: () => IP_PROTOCOL.sctp,
  build({ sequence }, flow, payload) {
    const tag = tagOf(sequence, flow);
    const init = hasRoomForInit(payload.length);
    const { source, destination } = portsOf(sequence, flow);
    const header = { sourcePort: source, destinationPort: destination, verificationTag: init ? 0 : tag };
    const chunks = init ? initChunk(tag, payload.length) : shutdownAckChunks(payload.length);
    return encodeSctp(header, [chunks], flow.checksums);
  },
  identifyQuoted(octets, flow, identification, payloadLength) {
    const sendsInit = payloadLength === undefined || hasRoomForInit(payloadLength);
    if (flow.paris) return identifyQuotedParis(octets, flow, identification, sendsInit);
    const match = matchPorts(octets, flow);
    return match && hasTag(octets, tagOf(match.sequence, flow), sendsInit) ? match : undefined;
  },
  identifyDirect,
};
