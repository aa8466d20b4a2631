/** GRE probes as PPTP sends them. RFC 2637 section 4.1. */
import type { ProbeType } from '../src/engine/probe-type.ts';
import {
  decodeGre,
  encodeGre,
  GRE_HEADER_LENGTH,
  GRE_PPTP_FLAGS,
  GRE_PPTP_PROTOCOL,
} from '../src/wire/gre.ts';
import { IP_PROTOCOL } from '../src/wire/codes.ts';
import type { ProbeTraits } from '../src/model/probe-traits.ts';
import { BY_NUMBER_EVERYWHERE, byNumber } from './filter-words.ts';
import { portless } from './portless.ts';

/** nf_conntrack_proto_gre.c: the two directions of PPTP have call IDs of their own, so an answer belongs to nothing known. */
const traits: ProbeTraits = {
  ...portless,
  filters: { ...BY_NUMBER_EVERYWHERE, nft: (packet) => ({ ...byNumber(packet), isUntracked: true }) },
};

/** GRE packets that the call ID tells apart. */
export const gre: ProbeType = {
  name: 'gre',
  summary: 'GRE packets as PPTP sends them; the port is their protocol type',
  headerLength: GRE_HEADER_LENGTH,
  minimumLength: GRE_HEADER_LENGTH,
  lengthUnit: 1,
  defaultPort: GRE_PPTP_PROTOCOL,
  traits, // octets 0 to 3 are flags and the protocol type
  fieldKey: 'flg pro len clid',
  identOffset: { probe: 6 },
  parisFamilies: [4, 6],
  ipProtocol: () => IP_PROTOCOL.gre,
  build(probe, flow, payload) {
    const callId = (flow.ident + probe.sequence) & 0xffff;
    const header = {
      flagsAndVersion: GRE_PPTP_FLAGS,
      protocolType: flow.port,
      payloadLength: payload.length,
      callId,
    };
    return encodeGre(header, payload);
  },
  identifyQuoted(octets, flow) {
    const { flagsAndVersion, protocolType, callId } = decodeGre(octets);
    if (flagsAndVersion !== GRE_PPTP_FLAGS || protocolType !== flow.port) return undefined;
    return { sequence: (callId - flow.ident) & 0xffff };
  },
};
