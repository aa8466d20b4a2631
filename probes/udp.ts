/** UDP probes to rising ports, or from rising ports to one. RFC 768. */
import type { ProbeType } from '../src/engine/probe-type.ts';
import { IP_PROTOCOL } from '../src/wire/ip-protocol.ts';
import { UDP_HEADER_LENGTH } from '../src/wire/udp.ts';
import { answersPorts, buildDatagram, matchPorts, TRACEROUTE_PORT } from './ports.ts';

export const udp: ProbeType = {
  name: 'udp',
  summary: 'UDP datagrams, answered by the target with port unreachable',
  headerLength: UDP_HEADER_LENGTH,
  minimumLength: UDP_HEADER_LENGTH,
  lengthUnit: 1,
  defaultPort: TRACEROUTE_PORT,
  fieldKey: 'spt dpt len sum',
  reservedPort: 'udp',
  ipProtocol: () => IP_PROTOCOL.udp,
  build: (probe, flow, payload) =>
    buildDatagram(probe, flow, payload, {
      protocol: IP_PROTOCOL.udp,
      lengthOrCoverage: UDP_HEADER_LENGTH + payload.length,
    }),
  identifyQuoted: matchPorts,
  identifyDirect: answersPorts,
};
