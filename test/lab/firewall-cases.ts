/** The cases that docs/firewall-debugging.md walks through, on a chain of five kernel routers. */
import { createInterface } from 'node:readline';
import { spawnIn } from './command.ts';
import type { Node, Routers } from './routers.ts';

/** A firewall, and the run that shows it. */
export interface FirewallCase {
  readonly name: string;
  /** The command line. `TARGET` stands for the target's address. */
  readonly argv: readonly string[];
  /** The router that is the firewall. */
  readonly node: Node;
  /** Its rules, for nft(8). */
  readonly rules: string;
  /** Sets up what the node needs besides its rules. Answers a function that undoes it. */
  prepare?(routers: Routers): Promise<() => void>;
}

function forward(...rules: readonly string[]): string {
  return `table inet filter {
    chain forward {
      type filter hook forward priority 0; policy accept
      ${rules.join('\n      ')}
    }
  }
`;
}

const PROXY = `
const server = require('node:net').createServer((socket) => socket.on('error', () => {}).end());
server.listen({ port: 3128, host: '0.0.0.0' }, () => console.log('listening'));
process.stdin.on('close', () => process.exit()).resume();`;

/** Starts a proxy in a router. Answers a function that ends it. */
async function openProxy(routers: Routers, node: Node): Promise<() => void> {
  const child = spawnIn(routers.namespaceOf(node), process.execPath, ['-e', PROXY], { stdin: 'pipe' });
  const { stdout } = child;
  if (!stdout) throw new Error('the proxy has no output');
  await new Promise((resolve) => createInterface({ input: stdout }).once('line', resolve));
  return () => child.stdin?.end();
}

/** The cases in the order of the page. */
export const firewallCases: readonly FirewallCase[] = [
  {
    name: 'a stateless filter',
    argv: ['--matrix', 'icmp,tcp/443,tcp/443:ack,udp', '-n', 'TARGET'],
    node: 'r3',
    rules: forward('tcp flags & (syn | ack) == syn drop'),
  },
  {
    name: 'a stateful filter',
    argv: ['--matrix', 'icmp,tcp/443,tcp/443:ack,udp', '-n', 'TARGET'],
    node: 'r3',
    rules: forward('ct state invalid drop'),
    async prepare(routers) {
      // a segment that opens nothing is invalid, not the middle of a connection from before
      await routers.exec('r3', 'sysctl', ['-qw', 'net.netfilter.nf_conntrack_tcp_loose=0']);
      return () => undefined;
    },
  },
  {
    name: 'a port filter that rejects',
    argv: ['--matrix', 'tcp/443,tcp/22,tcp/25,udp', '--explain', '-n', 'TARGET'],
    node: 'r3',
    rules: forward(
      'tcp dport 22 reject with icmp type admin-prohibited',
      'tcp dport 25 reject with tcp reset',
    ),
  },
  {
    name: 'a router that blocks GRE',
    argv: ['--matrix', 'icmp,gre,esp,tcp/443', '-n', 'TARGET'],
    node: 'r2',
    rules: forward('meta l4proto gre drop'),
  },
  {
    name: 'a transparent proxy',
    argv: ['--matrix', 'icmp,tcp/80,tcp/443', '-n', 'TARGET'],
    node: 'r3',
    rules: `table ip proxy {
      chain prerouting {
        type nat hook prerouting priority -100
        tcp dport 80 redirect to :3128
      }
    }
`,
    prepare: (routers) => openProxy(routers, 'r3'),
  },
];
