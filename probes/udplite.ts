/** UDP-Lite probes whose checksum covers the header alone. RFC 3828. */
import type { ProbeType } from '../src/engine/probe-type.ts';
import type { ProbeTraits } from '../src/model/probe-traits.ts';
import { IP_PROTOCOL } from '../src/wire/codes.ts';
import { UDP_HEADER_LENGTH } from '../src/wire/udp.ts';
import { byPort, PORTS_IN_NFT_ALONE } from './filter-words.ts';
import { answersFlow, answersPorts, buildDatagram, matchPorts, TRACEROUTE_PORT } from './port-pair.ts';

/** nf_conntrack_proto_udp.c checks the sum as if the protocol were UDP, and so takes each datagram for invalid. */
const filters: ProbeTraits['filters'] = {
  ...PORTS_IN_NFT_ALONE,
  nft: (packet) => ({ ...byPort('udplite')(packet), isUntracked: true }),
};

const traits: ProbeTraits = {
  hasPorts: true,
  filters,
  // RFC 3828 section 3.3: like UDP's; not every host has the protocol
  targetComplaints: ['port', 'protocol'],
  answerState: () => 'open',
  answerName: () => 'answer',
  flowName: () => 'UDPLITE',
  // the kernel always writes the checksum
  socket: { kind: 'datagram', lacks: ['-x'] },
  matrixPayload: 0,
  showsService: false,
};

/** Datagrams that ports tell apart, or in a Paris flow the identification. */
export const udplite: ProbeType = {
  name: 'udplite',
  summary: 'UDP-Lite datagrams with header coverage',
  headerLength: UDP_HEADER_LENGTH,
  minimumLength: UDP_HEADER_LENGTH,
  lengthUnit: 1,
  defaultPort: TRACEROUTE_PORT,
  traits,
  fieldKey: 'spt dpt cov sum',
  identOffset: { probe: 0, answer: 2 },
  // over IPv6, which has no identification, nothing would tell the probes apart
  parisFamilies: [4],
  ipProtocol: () => IP_PROTOCOL.udplite,
  build: (probe, flow, payload) =>
    buildDatagram(probe, flow, payload, {
      protocol: IP_PROTOCOL.udplite,
      lengthOrCoverage: UDP_HEADER_LENGTH,
    }),
  identifyQuoted: matchPorts,
  identifyDirect(octets, flow) {
    if (!flow.paris) return answersPorts(octets, flow);
    return answersFlow(octets, flow) ? {} : undefined;
  },
};
