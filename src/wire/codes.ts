/** Numbers that protocols give a meaning to. Constants alone, so that every layer may import them. */

/** Protocol numbers of IPv4 and next-header values of IPv6. IANA "Assigned Internet Protocol Numbers". */
export const IP_PROTOCOL = {
  hopByHop: 0, // RFC 8200 section 4.3
  icmp: 1, // RFC 792
  tcp: 6, // RFC 9293
  udp: 17, // RFC 768
  routing: 43, // RFC 8200 section 4.4
  fragment: 44, // RFC 8200 section 4.5
  gre: 47, // RFC 2784
  authentication: 51, // RFC 4302
  icmpv6: 58, // RFC 4443
  noNextHeader: 59, // RFC 8200 section 4.7
  destinationOptions: 60, // RFC 8200 section 4.6
  sctp: 132, // RFC 9260
  mobility: 135, // RFC 6275
  udplite: 136, // RFC 3828
} as const;

/** The protocol number of ICMP in each family. */
export const ICMP_PROTOCOL = { 4: IP_PROTOCOL.icmp, 6: IP_PROTOCOL.icmpv6 } as const;

/** ICMP message types. RFC 792. */
export const ICMPV4_TYPE = {
  echoReply: 0,
  destinationUnreachable: 3,
  echoRequest: 8,
  timeExceeded: 11,
} as const;

/** Codes of ICMP's destination unreachable that say more than "no". RFC 792; RFC 1191 section 4 for the MTU. */
export const ICMPV4_UNREACHABLE = {
  network: 0,
  host: 1,
  protocol: 2,
  port: 3,
  fragmentationNeeded: 4,
  networkUnknown: 6,
  hostUnknown: 7,
} as const;

/** ICMPv6 message types. RFC 4443 sections 3 and 4. */
export const ICMPV6_TYPE = {
  destinationUnreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  parameterProblem: 4,
  echoRequest: 128,
  echoReply: 129,
} as const;

/** The code of ICMPv6's destination unreachable that means the port. RFC 4443 section 3.1. */
export const ICMPV6_PORT_UNREACHABLE = 4;

/** The codes of ICMPv6's destination unreachable by which a router knows no way to the host, or does not find it. Ibid. */
export const ICMPV6_HOST_LOST = { noRoute: 0, address: 3 } as const;

/** The code of ICMPv6's parameter problem that means an unknown next header. RFC 4443 section 3.4. */
export const ICMPV6_UNRECOGNISED_NEXT_HEADER = 1;

/** The code of time exceeded, in both families, that means in transit and not in reassembly. RFC 792, RFC 4443 section 3.3. */
export const TTL_EXCEEDED_IN_TRANSIT = 0;

/** TCP control bits. RFC 9293 section 3.1; ECE and CWR from RFC 3168 section 6.1. */
export const TCP_FLAG = {
  fin: 0x01,
  syn: 0x02,
  rst: 0x04,
  psh: 0x08,
  ack: 0x10,
  urg: 0x20,
  ece: 0x40,
  cwr: 0x80,
} as const;

/** The control bits by which a SYN asks for ECN. RFC 3168 section 6.1.1. */
export const TCP_ECN_SETUP = TCP_FLAG.ece | TCP_FLAG.cwr;

/** The bits of the TOS octet, or traffic class, that are the ECN field. RFC 3168 section 5. */
export const ECN_MASK = 0x03;

/** Values of the ECN field. RFC 3168 section 5. */
export const ECN = { notCapable: 0, ect1: 1, ect0: 2, congestion: 3 } as const;

/** The largest sequence of a probe: every probe type has at least 16 bits to carry it. The first is 1. */
export const MAX_SEQUENCE = 0xffff;
