/** Names of IP protocols: /etc/protocols, else the ones that matter. */
import { readFileSync } from 'node:fs';

/** IANA "Assigned Internet Protocol Numbers": those in use, for systems without the file. */
const BUILT_IN: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  egp: 8,
  igp: 9,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  eigrp: 88,
  ospf: 89,
  etherip: 97,
  pim: 103,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
};

/** The numbers that a file in the format of protocols(5) gives, by names and aliases in lower case. */
export function parseProtocols(text: string): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name, number, ...aliases] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/);
    if (name === undefined || !/^\d{1,3}$/.test(number ?? '')) continue;
    for (const known of [name, ...aliases]) numbers.set(known.toLowerCase(), Number(number));
  }
  return numbers;
}

/** The number of an IP protocol by its lower-case name, from `file` where there is one. */
export function protocolNumber(name: string, file = '/etc/protocols'): number | undefined {
  try {
    return parseProtocols(readFileSync(file, 'utf8')).get(name) ?? BUILT_IN[name];
  } catch {
    return BUILT_IN[name]; // no such file
  }
}
