/** UDP probes to rising ports, or from rising ports to one. RFC 768. */
import type { ProbeType } from '../src/engine/probe-type.ts';
import type { ProbeTraits } from '../src/model/probe-traits.ts';
import { IP_PROTOCOL } from '../src/wire/codes.ts';
import { UDP_HEADER_LENGTH } from '../src/wire/udp.ts';
import { byPortEverywhere } from './filter-words.ts';
import { answersParis, matchCookie, parisPayload } from './udp-paris.ts';
import { answersPorts, buildDatagram, matchPorts, TRACEROUTE_PORT } from './port-pair.ts';

/** The traits of everything that goes over UDP. */
const traits: ProbeTraits = {
  hasPorts: true,
  filters: byPortEverywhere('udp'),
  // RFC 1122 section 4.1.3.1: a closed port is unreachable; every host has the protocol
  targetComplaints: ['port'],
  answerState: () => 'open',
  answerName: () => 'answer',
  flowName: () => 'UDP',
  socket: { kind: 'datagram', lacks: [] },
  // a port of a known service gets its request all the same
  matrixPayload: 0,
  showsService: false,
};

/** Datagrams that ports tell apart, or in a Paris flow the identification or a cookie. */
export const udp: ProbeType = {
  name: 'udp',
  summary: 'UDP datagrams, answered by the target with port unreachable',
  headerLength: UDP_HEADER_LENGTH,
  minimumLength: UDP_HEADER_LENGTH,
  lengthUnit: 1,
  defaultPort: TRACEROUTE_PORT,
  traits,
  fieldKey: 'spt dpt len sum',
  identOffset: { probe: 0, answer: 2 },
  reservedPort: 'udp',
  parisFamilies: [4, 6],
  ipProtocol: () => IP_PROTOCOL.udp,
  build(probe, flow, payload) {
    const carried = flow.paris ? parisPayload(probe.sequence, flow, payload) : payload;
    const lengthOrCoverage = UDP_HEADER_LENGTH + carried.length;
    return buildDatagram(probe, flow, carried, { protocol: IP_PROTOCOL.udp, lengthOrCoverage });
  },
  identifyQuoted: (octets, flow, identification) =>
    flow.paris && flow.family === 6 ? matchCookie(octets, flow) : matchPorts(octets, flow, identification),
  identifyDirect: (octets, flow) => (flow.paris ? answersParis(octets, flow) : answersPorts(octets, flow)),
};
