/**
 * Options of other programs of this kind, and what does the same here: Linux traceroute, inetutils, Windows tracert, mtr,
 * nmap, trippy, nexttrace, dublin-traceroute. Loaded only to word an error.
 */

/** By the letter, or by the long option without its dashes, what does it here. */
export type Counterparts = ReadonlyMap<string, string>;

/** Long options, of one meaning under several names. Where a command lacks the meaning, it has no entry. */
type Meanings = Readonly<Record<string, readonly string[]>>;

const MEANINGS = {
  tcp: ['tcp', 'syn'],
  ack: ['ack'],
  icmp: ['icmp', 'echo'],
  udp: ['udp'],
  otherProbe: ['sctp', 'udplite', 'gre', 'dccp'],
  protocol: ['protocol', 'proto', 'type', 'mode', 'module'],
  forPrograms: ['csv', 'xml', 'raw', 'format', 'output'],
  port: ['port', 'dport', 'dest-port', 'target-port'],
  sourcePort: ['sport', 'source-port', 'src-port', 'localport'],
  maxTtl: ['max-hops', 'max-hop', 'maxhops', 'max-ttl', 'hops', 'ttl'],
  firstTtl: ['first', 'first-ttl', 'first-hop', 'min-ttl'],
  attempts: ['queries', 'tries', 'count', 'nqueries', 'probes', 'report-cycles', 'attempts'],
  wait: ['wait', 'timeout', 'waittime', 'grace-duration', 'max-rtt-timeout'],
  pause: ['sendwait', 'interval', 'pause', 'delay', 'send-time', 'ttl-time'],
  parallel: ['sim-queries', 'squeries', 'max-inflight', 'parallel-requests', 'concurrency'],
  device: ['interface', 'iface', 'dev', 'device'],
  source: ['source', 'src', 'address', 'source-address', 'local-address'],
  numeric: ['numeric', 'no-dns', 'no-rdns', 'nodns', 'no-resolve'],
  names: ['resolve-hostnames', 'resolve', 'dns', 'show-ips', 'always-rdns'],
  asNumbers: ['as-path-lookups', 'aslookup', 'as-lookup', 'asn', 'as', 'dns-lookup-as-info', 'ipinfo'],
  tos: ['tos', 'dscp', 'tclass', 'trafficclass'],
  dontFragment: ['dont-fragment', 'df', 'dontfrag', 'mtu', 'discover-mtu'],
  length: ['length', 'size', 'packet-size', 'psize', 'packetlen', 'data-length'],
  gateway: ['gateway', 'gateways', 'source-route', 'lsrr'],
  debug: ['debug'],
  verbose: ['verbose'],
  ipv4: ['ipv4', 'inet', 'inet4'],
  ipv6: ['ipv6', 'inet6'],
  mark: ['fwmark', 'firewall-mark'],
  report: ['report', 'report-wide', 'traceroute', 'no-ping', 'tui', 'table'],
  usage: ['usage'],
  ranges: ['ports', 'port-range', 'top-ports'],
  flows: ['npaths', 'paths', 'multipath', 'multipath-strategy', 'flow-count'],
} as const satisfies Meanings;

type Meaning = keyof typeof MEANINGS;

/** What does it in `traceroute`. */
const traceroute: Readonly<Record<Meaning, string>> = {
  tcp: 'TCP is -P tcp -e -p PORT',
  ack: 'TCP with ACK is tcptraceroute -A, or --matrix tcp/443:ack',
  icmp: 'ICMP echo is -I',
  udp: 'UDP is the default; to one port it is -e -p PORT',
  otherProbe: 'the protocol is -P NAME',
  protocol: 'the protocol is -P NAME',
  forPrograms: 'output for programs is --json',
  port: 'the destination port is -p PORT, and -e keeps it fixed',
  sourcePort: 'the source port can be chosen with tcptraceroute -p PORT',
  maxTtl: 'the largest TTL is -m N',
  firstTtl: 'the first TTL is -f N',
  attempts: 'the number of probes for each hop is -q N',
  wait: 'the wait for each reply is -w SECONDS',
  pause: 'the pause between probes is -z MILLISECONDS',
  parallel: 'the number of probes in flight is --parallel N',
  device: 'the interface is -i NAME',
  source: 'the address to send from is -s ADDRESS',
  numeric: 'addresses without names are -n',
  names: 'names and addresses are shown unless -n is given',
  asNumbers: 'AS numbers are -a',
  tos: 'the type-of-service octet is -t N',
  dontFragment: 'the "don\'t fragment" bit is -F; !F-N then tells the MTU',
  length: 'the packet length stands after the host',
  gateway: 'a loose source route is -g GATEWAY',
  debug: 'socket debugging is -d',
  verbose: 'other ICMP that arrives is shown with -v',
  ipv4: 'IPv4 is -4',
  ipv6: 'IPv6 is -6',
  mark: 'the firewall mark is --mark N',
  report: 'every run prints one report',
  usage: 'the usage is part of --help',
  ranges: 'a range of ports is --matrix tcp/20-34',
  flows: 'several flows of a probe are --matrix tcp/443 --flows N',
};

const ONLY_TCP = 'tcptraceroute sends TCP; traceroute has the other protocols';
const TCP_OF_TRACEROUTE = 'traceroute -P tcp -e -p PORT';

/** What does it in `tcptraceroute`. */
const tcptraceroute: Readonly<Record<Meaning, string>> = {
  ...traceroute,
  tcp: 'tcptraceroute sends TCP SYN unless -A is given',
  ack: 'ACK is -A',
  icmp: ONLY_TCP,
  udp: ONLY_TCP,
  otherProbe: ONLY_TCP,
  protocol: ONLY_TCP,
  port: 'the destination port stands after the host',
  sourcePort: 'the source port is -p PORT',
  pause: `a pause between probes has ${TCP_OF_TRACEROUTE} -z MILLISECONDS`,
  asNumbers: `AS numbers has ${TCP_OF_TRACEROUTE} -a`,
  length: 'the packet length is -l N',
  gateway: `a loose source route has ${TCP_OF_TRACEROUTE} -g GATEWAY`,
  debug: 'each step is shown with -d',
  verbose: 'each step is shown with -d',
};

/** Letters of other programs that `traceroute` lacks. */
const tracerouteLetters: Readonly<Record<string, string>> = {
  T: traceroute.tcp,
  U: traceroute.udp,
  u: traceroute.udp,
  L: 'UDP-Lite is -P udplite',
  N: traceroute.parallel,
  O: 'control bits are part of a probe of --matrix, such as tcp/443:ack',
  l: 'the flow label is --flow-label N, and the packet length stands after the host',
  V: 'the version is --version',
  c: traceroute.attempts,
  h: 'the help is --help, and the largest TTL is -m N',
  H: 'the help is --help, and the largest TTL is -m N',
  '?': 'the help is --help',
  j: 'a loose source route is -g GATEWAY, and output for programs is --json',
  J: traceroute.forPrograms,
  C: traceroute.forPrograms,
  X: traceroute.forPrograms,
  o: 'output for programs is --json, with all there is',
  b: traceroute.names,
  y: traceroute.asNumbers,
  Q: traceroute.tos,
  W: traceroute.wait,
};

/** Letters of other programs that `tcptraceroute` lacks. */
const tcptracerouteLetters: Readonly<Record<string, string>> = {
  T: tcptraceroute.tcp,
  I: ONLY_TCP,
  U: ONLY_TCP,
  u: ONLY_TCP,
  L: ONLY_TCP,
  O: 'control bits are -S for SYN, -A for ACK, -E for ECN',
  e: 'the destination port is always fixed',
  V: 'the version is -v',
  H: 'the help is --help',
  '?': 'the help is --help',
  c: traceroute.attempts,
  M: traceroute.firstTtl,
  z: tcptraceroute.pause,
  a: tcptraceroute.asNumbers,
  y: tcptraceroute.asNumbers,
  g: tcptraceroute.gateway,
  j: traceroute.forPrograms,
  J: traceroute.forPrograms,
  C: traceroute.forPrograms,
  o: traceroute.forPrograms,
  b: traceroute.names,
  Q: traceroute.tos,
  W: traceroute.wait,
};

function counterparts(
  meanings: Readonly<Record<Meaning, string>>,
  letters: Readonly<Record<string, string>>,
): Counterparts {
  const longs = Object.entries(MEANINGS).flatMap(
    ([meaning, names]) => names.map((name) => [name, meanings[meaning as Meaning]] as const), // entries() forgets the names
  );
  return new Map([...longs, ...Object.entries(letters)]);
}

/** For each command, its counterparts of other programs' options. */
export const otherTools = {
  traceroute: counterparts(traceroute, tracerouteLetters),
  tcptraceroute: counterparts(tcptraceroute, tcptracerouteLetters),
} as const;
