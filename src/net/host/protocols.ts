/** Knows IP protocols by name, from /etc/protocols and from a list of its own. */
import { readNumberFile } from './number-file.ts';

/** Makes the list for systems without the file: protocols that are in use. IANA "Assigned Internet Protocol Numbers" */
const builtIn = (): Readonly<Record<string, number>> => ({
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
});

/**
 * The number of an IP protocol; undefined when nobody knows the name.
 * @param name - or an alias, in upper or lower case
 * @param file - a protocols(5) file, which is asked first
 */
export function protocolNumber(name: string, file = '/etc/protocols'): number | undefined {
  const wanted = name.toLowerCase();
  const line = readNumberFile(file).find(({ names }) =>
    names.some((known) => known.toLowerCase() === wanted),
  );
  return line?.number ?? new Map(Object.entries(builtIn())).get(wanted);
}
