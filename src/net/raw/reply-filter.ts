/** Makes the packet filter that keeps from a raw socket whatever cannot be a reply to a probe of some traces. */
import type { ExpectedReplies, ReceivedDatagram } from '../../ports/transport.ts';
import type { Family } from '../../model/address.ts';
import { ICMPV4_TYPE } from '../../wire/icmpv4.ts';
import { ICMPV6_TYPE } from '../../wire/icmpv6.ts';
import { IP_PROTOCOL } from '../../wire/codes.ts';
import { IPV6_HEADER_LENGTH } from '../../wire/ipv6.ts';
import { ICMP_OF } from '../heard-protocols.ts';
import { FROM_IP_HEADER, type Rule, type Step } from '../linux/packet-filter.ts';

/** Offsets in an ICMP error: the type, and after 8 octets the quoted datagram. RFC 792, RFC 4443 section 2.1. */
const ICMP = { type: 0, quote: 8 } as const;
/** RFC 791 section 3.1. */
const IPV4 = { identification: 4, protocol: 9, source: 12 } as const;
/** RFC 8200 section 3. */
const IPV6 = { nextHeader: 6, source: 8 } as const;
const LENGTH_NIBBLE = 0xf;

const ERROR_TYPES: Readonly<Record<Family, readonly number[]>> = {
  4: [ICMPV4_TYPE.destinationUnreachable, ICMPV4_TYPE.timeExceeded],
  6: [
    ICMPV6_TYPE.destinationUnreachable,
    ICMPV6_TYPE.packetTooBig,
    ICMPV6_TYPE.timeExceeded,
    ICMPV6_TYPE.parameterProblem,
  ],
};
/** After one of these the transport header is too far in for a filter, which lets such a quote pass. */
const EXTENSION_HEADERS: readonly number[] = [
  IP_PROTOCOL.hopByHop,
  IP_PROTOCOL.routing,
  IP_PROTOCOL.fragment,
  IP_PROTOCOL.authentication,
  IP_PROTOCOL.destinationOptions,
  IP_PROTOCOL.mobility,
];

/** The messages that a raw socket hears: those of one protocol over one family. */
export type Heard = Pick<ReceivedDatagram, 'family' | 'protocol'>;

/** Rules of which each reply meets at least one, when it arrives at a socket that hears this. */
export function replyRules(heard: Heard, expected: readonly ExpectedReplies[]): Rule[] {
  return expected
    .filter(({ family }) => family === heard.family)
    .flatMap((replies) => {
      const answers = heard.protocol === replies.protocol ? answerRules(replies) : [];
      return heard.protocol === ICMP_OF[heard.family] ? [...errorRules(replies), ...answers] : answers;
    });
}

function errorRules(replies: ExpectedReplies): Rule[] {
  return replies.family === 4 ? errorRules4(replies) : errorRules6(replies);
}

/**
 * An IPv4 socket's data begin with the IP header. The index register keeps its length. A NAT that does not restore quotes
 * leaves another source in them, perhaps another port, but the identification.
 */
function errorRules4({ protocol, source, ident, identification }: ExpectedReplies): Rule[] {
  const quotesUs: Step[] = [
    { do: 'loadIpv4HeaderLength' },
    { do: 'loadByteIndexed', by: ICMP.type },
    { oneOf: ERROR_TYPES[4] },
    { do: 'loadByteIndexed', by: ICMP.quote + IPV4.protocol },
    { oneOf: [protocol] },
  ];
  if (!ident) {
    return [
      [...quotesUs, { do: 'loadWordIndexed', by: ICMP.quote + IPV4.source }, { oneOf: wordsOf(source) }],
    ];
  }
  return [
    [
      ...quotesUs,
      // advance to the transport header of the quoted datagram
      { do: 'loadByteIndexed', by: ICMP.quote },
      { do: 'and', by: LENGTH_NIBBLE },
      { do: 'shiftLeft', by: 2 },
      { do: 'addIndex' },
      { do: 'toIndex' },
      ...identSteps('loadHalfIndexed', ICMP.quote + ident.probeOffset, ident),
    ],
    [
      ...quotesUs,
      ...identSteps('loadHalfIndexed', ICMP.quote + IPV4.identification, identification ?? ident),
    ],
  ];
}

/** An IPv6 socket's data begin after the IP header. */
function errorRules6({ protocol, source, ident }: ExpectedReplies): Rule[] {
  const isError: Step[] = [{ do: 'loadByte', by: ICMP.type }, { oneOf: ERROR_TYPES[6] }];
  const fromUs = addressSteps(ICMP.quote + IPV6.source, source);
  const header: Step = { do: 'loadByte', by: ICMP.quote + IPV6.nextHeader };
  const transportAt = ICMP.quote + IPV6_HEADER_LENGTH;
  return [
    [
      ...isError,
      // a prefix translator may leave another source (RFC 6296), so the ident decides where there is one
      ...(ident ? [] : fromUs),
      header,
      { oneOf: [protocol] },
      ...(ident ? identSteps('loadHalf', transportAt + ident.probeOffset, ident) : []),
    ],
    [...isError, ...fromUs, header, { oneOf: EXTENSION_HEADERS }],
  ];
}

/** Rules for answers in the probe's own protocol, of the target or of a gateway on the way to it. */
function answerRules({ family, responders, ident }: ExpectedReplies): Rule[] {
  const at = ident?.answerOffset;
  const identChecks = (load: 'loadHalf' | 'loadHalfIndexed'): Step[] =>
    ident && at !== undefined ? identSteps(load, at, ident) : [];
  if (family === 6) {
    if (responders.length === 0) return [identChecks('loadHalf')];
    return responders.map((responder) => [
      ...addressSteps(FROM_IP_HEADER + IPV6.source, responder),
      ...identChecks('loadHalf'),
    ]);
  }
  const fromThem: Step[] =
    responders.length === 0
      ? []
      : [{ do: 'loadWord', by: IPV4.source }, { oneOf: responders.flatMap(wordsOf) }];
  return [[...fromThem, { do: 'loadIpv4HeaderLength' }, ...identChecks('loadHalfIndexed')]];
}

/** Checks that the 16 bits at `at` are the ident, or exceed it by less than the number of probes. */
function identSteps(
  load: 'loadHalf' | 'loadHalfIndexed',
  at: number,
  { value, count }: { readonly value: number; readonly count: number },
): Step[] {
  return [{ do: load, by: at }, { do: 'subtract', by: value }, { do: 'and', by: 0xffff }, { below: count }];
}

function addressSteps(at: number, octets: Uint8Array): Step[] {
  return wordsOf(octets).flatMap((word, index) => [
    { do: 'loadWord', by: at + 4 * index },
    { oneOf: [word] },
  ]);
}

/** An address as 32-bit words. */
function wordsOf(octets: Uint8Array): number[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  return Array.from({ length: octets.length / 4 }, (_, index) => view.getUint32(4 * index));
}
