/** ICMP and ICMPv6 echo requests. RFC 792, RFC 4443 section 4. */
import type { Flow } from '../src/model/flow.ts';
import type { ProbeType } from '../src/engine/probe-type.ts';
import type { FilterWords, PacketFacts, ProbeTraits } from '../src/model/probe-traits.ts';
import { setUint16 } from '../src/wire/bytes.ts';
import { decodeIcmp, encodeIcmpv4, ICMP_HEADER_LENGTH, ICMPV4_TYPE } from '../src/wire/icmpv4.ts';
import { encodeIcmpv6, ICMPV6_TYPE } from '../src/wire/icmpv6.ts';
import { IP_PROTOCOL } from '../src/wire/codes.ts';

/** BSD's smallest probe: its `struct icmp` has room for an IP header and 8 octets. */
const MINIMUM_LENGTH = 28;

function types(flow: Flow): { echoRequest: number; echoReply: number } {
  return flow.family === 4 ? ICMPV4_TYPE : ICMPV6_TYPE;
}

/** The payload with the complement of the sequence number in front: so all checksums of a flow are the same. RFC 1071. */
function steadied(payload: Uint8Array, sequence: number): Uint8Array {
  const body = payload.slice();
  if (body.length >= 2) setUint16(body, 0, ~sequence & 0xffff);
  return body;
}

/** The sequence number of an echo message that has this type and our identifier; undefined for any other message. */
function sequenceOf(octets: Uint8Array, flow: Flow, wanted: number): { sequence: number } | undefined {
  const { type, code, rest } = decodeIcmp(octets);
  return type === wanted && code === 0 && rest >>> 16 === flow.ident
    ? { sequence: rest & 0xffff }
    : undefined;
}

/** The words for echo requests in one language, and for their replies. */
function echo(v4: FilterWords, v6: FilterWords): (packet: PacketFacts) => FilterWords {
  return ({ family }) => (family === 4 ? v4 : v6);
}

/** Words for a message type. A language that matches no ports here has its name. */
function words(name: string, match: string, answerMatch?: string): FilterWords {
  return { name, matchesPort: false, match, ...(answerMatch === undefined ? {} : { answerMatch }) };
}

/** nft(8), "ICMP header"; pf.conf(5), "icmp-type"; IOS, "permit icmp"; EC2, IpPermission: type and code as a range. */
const filters: ProbeTraits['filters'] = {
  nft: echo(words('icmp', 'icmp type echo-request'), words('icmpv6', 'icmpv6 type echo-request')),
  pf: echo(words('icmp', 'icmp-type echoreq'), words('icmp6', 'icmp6-type echoreq')),
  ios: echo(words('icmp', 'echo', 'echo-reply'), words('icmp', 'echo-request', 'echo-reply')),
  aws: echo(words('icmp', 'FromPort=8,ToPort=0'), words('icmpv6', 'FromPort=128,ToPort=0')),
};

const traits: ProbeTraits = {
  hasPorts: false,
  filters,
  // every host has ICMP and must answer echo requests: RFC 1122 section 3.2.2.6
  targetComplaints: [],
  answerState: () => 'reached',
  answerName: () => 'echo reply',
  flowName: ({ family }) => `ICMP${family === 4 ? '' : 'v6'} echo`,
  // the kernel's ping socket always writes the checksum
  socket: { kind: 'echo', lacks: ['-x'] },
  showsService: false,
};

/** Echo requests that the sequence number tells apart. */
export const icmpEcho: ProbeType = {
  name: 'icmp',
  summary: 'ICMP echo requests, answered by the target with echo replies',
  headerLength: ICMP_HEADER_LENGTH,
  minimumLength: MINIMUM_LENGTH,
  lengthUnit: 1,
  defaultPort: 0,
  traits,
  fieldKey: 'typ cod sum ',
  identOffset: { probe: 4, answer: 4 },
  // a host may answer from another address of its own, and all of a group from theirs
  answersFromAnywhere: true,
  parisFamilies: [4, 6],
  ipProtocol: (family) => (family === 4 ? IP_PROTOCOL.icmp : IP_PROTOCOL.icmpv6),
  build(probe, flow, payload) {
    const rest = ((flow.ident << 16) | (probe.sequence & 0xffff)) >>> 0;
    const body = flow.paris ? steadied(payload, probe.sequence) : payload;
    const message = { type: types(flow).echoRequest, code: 0, rest, body };
    return flow.family === 4 ? encodeIcmpv4(message) : encodeIcmpv6(message, flow);
  },
  identifyQuoted: (octets, flow) => sequenceOf(octets, flow, types(flow).echoRequest),
  identifyDirect: (octets, flow) => sequenceOf(octets, flow, types(flow).echoReply),
};
