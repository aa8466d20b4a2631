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
