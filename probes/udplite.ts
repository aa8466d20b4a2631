/** UDP-Lite probes whose checksum covers the header alone. RFC 3828. */
import type { ProbeType } from '../src/engine/probe-type.ts';
import { IP_PROTOCOL } from '../src/wire/ip-protocol.ts';
import { UDP_HEADER_LENGTH } from '../src/wire/udp.ts';
import { answersFlow, answersPorts, buildDatagram, matchPorts, TRACEROUTE_PORT } from './port-pair.ts';

export const udplite: ProbeType = {
  name: 'udplite',
  summary: 'UDP-Lite datagrams with header coverage',
  headerLength: UDP_HEADER_LENGTH,
  minimumLength: UDP_HEADER_LENGTH,
  lengthUnit: 1,
  defaultPort: TRACEROUTE_PORT,
  fieldKey: 'spt dpt cov sum',
  identOffset: { probe: 0, answer: 2 },
  // IPv6 has no identification, and nothing else is left
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
