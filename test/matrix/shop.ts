/** A path with a filter for most probes, and runs of a matrix over it. */
import { traceroute, type Run } from '../dialects/run-command.ts';
import type { PathFormat } from '../sim/path-format.ts';
import type { SimWorldOptions } from '../sim/sim-world.ts';

export const SHOP = {
  src: '192.0.2.20',
  hops: [
    { addr: '10.0.0.1', delay: 0.4 },
    { addr: '10.9.0.1', delay: 2, drop: 'gre' },
    { addr: '203.0.113.9', delay: 8, drop: 'tcp:22', reject: { 'proto:50': 13 } },
    { addr: '198.51.100.20', delay: 9 },
  ],
  dst: {
    addr: '198.51.100.7',
    delay: 10,
    tcp: { 443: 'open' },
    udp: { 53: 'filtered', 7: 'echo' },
    udplite_default: 'closed',
  },
  dns: {
    addr: '192.0.2.1',
    names: { 'shop.example/A': ['198.51.100.7'], '1.0.9.10.in-addr.arpa/PTR': ['border.isp.example'] },
  },
} as const satisfies PathFormat;
export const ALL = 'icmp,udp/53,tcp/22,tcp/443,tcp/443:ack,gre,esp';

/** Runs `traceroute` with these arguments. */
export function run(line: string, path: PathFormat = SHOP, options: SimWorldOptions = {}): Promise<Run> {
  return traceroute(line, { ...options, path });
}
