/** Lists the runs that the README shows and the demonstration makes, and the path that all of them take. */
import type { PathFormat } from '../sim/path-format.ts';

/** Five hops to a web server. GRE is lost before its network, UDP is rejected by the firewall in front of it. */
export const shop: PathFormat = {
  src: '192.0.2.20',
  hops: [
    { addr: '192.0.2.1', delay: 10 },
    { addr: '203.0.113.1', delay: 20 },
    { addr: '203.0.113.9', delay: 40, drop: 'gre' },
    { addr: '198.51.100.1', delay: 45, reject: { udp: 13 } },
  ],
  dst: {
    addr: '198.51.100.7',
    delay: 50,
    tcp: { 443: 'open', 80: 'closed' },
    tcp_default: 'filtered',
    sctp: { 3868: 'open' },
    udplite_default: 'closed',
  },
  dns: {
    addr: '192.0.2.1',
    names: {
      'shop.example/A': ['198.51.100.7'],
      '1.2.0.192.in-addr.arpa/PTR': ['gateway.example'],
      '1.113.0.203.in-addr.arpa/PTR': ['core1.isp.example'],
      '9.113.0.203.in-addr.arpa/PTR': ['border9.isp.example'],
      '1.100.51.198.in-addr.arpa/PTR': ['firewall.shop.example'],
      '7.100.51.198.in-addr.arpa/PTR': ['shop.example'],
    },
  },
};

/** A command line. */
export interface CommandLine {
  readonly dialect: 'traceroute' | 'tcptraceroute';
  readonly argv: readonly string[];
}

/** The runs of the demonstration. */
export const firewallRuns: readonly CommandLine[] = [
  { dialect: 'traceroute', argv: ['shop.example'] },
  { dialect: 'traceroute', argv: ['-I', 'shop.example'] },
  { dialect: 'traceroute', argv: ['-P', 'tcp', '-e', '-p', '443', 'shop.example'] },
  { dialect: 'traceroute', argv: ['-P', 'gre', '-w', '1', '-m', '6', 'shop.example'] },
];

/** The runs of the README, in its order. */
export const readmeRuns: readonly CommandLine[] = [
  {
    dialect: 'traceroute',
    argv: ['-q', '1', '--matrix', 'icmp,udp/53,tcp/80,tcp/443,gre,esp', 'shop.example'],
  },
  ...firewallRuns,
  { dialect: 'traceroute', argv: ['-P', 'sctp', '-e', '-p', '3868', 'shop.example'] },
  { dialect: 'traceroute', argv: ['-P', 'udplite', 'shop.example'] },
  { dialect: 'traceroute', argv: ['-P', '89', 'shop.example'] },
  { dialect: 'tcptraceroute', argv: ['shop.example', '443'] },
];

/** Writes a command line as it is typed. */
export function typed({ dialect, argv }: CommandLine): string {
  return [dialect, ...argv].join(' ');
}
