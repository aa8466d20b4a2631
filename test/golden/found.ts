/** Runs over the paths of test/golden/found, which play what users of other tools have reported, and what is right there. */
import { readFileSync } from 'node:fs';
import type { Family } from '../../src/model/address.ts';
import type { PathFormat } from '../sim/path-format.ts';

/** One command over one path. */
export interface Finding {
  /** Name of the path's file, without `.json`. */
  readonly path: string;
  readonly dialect: 'traceroute' | 'tcptraceroute';
  /** `TARGET` stands for the target's address. */
  readonly argv: readonly string[];
  /** Families whose target is traced; both by default. */
  readonly families?: readonly Family[];
  /** What standard output, with standard error before it, has to show. */
  readonly shows?: RegExp;
  /** What would be wrong. */
  readonly never?: RegExp;
  /** What comes in place of it today. Whoever mends it takes this off. */
  readonly pending?: string;
}

/** All of them, in order of their paths. */
export const FINDINGS: readonly Finding[] = [
  {
    path: 'asa-isn-lock',
    dialect: 'tcptraceroute',
    argv: ['-n', 'TARGET', '443'],
    shows: /^ 6 {2}\S+ \[open\] {2}\d/m,
  },
  {
    path: 'asa-isn-lock',
    dialect: 'traceroute',
    argv: ['-n', '--matrix', 'icmp,tcp/443', 'TARGET'],
    shows: /^tcp\/443 +open/m,
  },
  {
    path: 'bare-rst',
    dialect: 'tcptraceroute',
    argv: ['-n', 'TARGET', '443'],
    shows: /^ 4 {2}\S+ \[closed\] {2}\d/m,
  },
  {
    path: 'challenge-ack',
    dialect: 'tcptraceroute',
    argv: ['-n', 'TARGET'],
    shows: /^ 3 {2}\S+ \[unknown, ACK\] {2}\d/m,
  },
  {
    path: 'idn',
    dialect: 'traceroute',
    argv: ['-n', 'bücher.example'],
    families: [4],
    shows: /^traceroute to bücher\.example \(10\.99\.0\.1\)[^]*^ 3 {2}10\.99\.0\.1 {2}\d/m,
  },
  {
    path: 'matrix-picky-last-hop',
    dialect: 'traceroute',
    argv: ['-n', '--matrix', 'icmp,udp/53,tcp/22,tcp/443,tcp/443:ack', 'TARGET'],
    shows: /^tcp\/22 +silent/m,
  },
  {
    path: 'matrix-proxy-mute-target',
    dialect: 'traceroute',
    argv: ['-n', '--matrix', 'icmp,udp/53,tcp/22,tcp/443', 'TARGET'],
    shows: /^tcp\/22 /m,
    never: /^tcp\/\d+ +open/m,
  },
  {
    path: 'matrix-reject-rate-limited',
    dialect: 'traceroute',
    argv: ['-n', '--matrix', 'icmp,tcp/22,tcp/80,tcp/443', 'TARGET'],
    shows: /^tcp\/80 +(?:probably )?rejected/m,
    never: /^tcp\/\d+ +dropped/m,
  },
  {
    path: 'matrix-reset-tuned',
    dialect: 'traceroute',
    argv: ['-n', '--matrix', 'icmp,udp/53,tcp/22,tcp/443,gre', 'TARGET'],
    shows: /^tcp\/22 /m,
    never: /^tcp\/22 +closed/m,
  },
  {
    path: 'matrix-syn-policer',
    dialect: 'traceroute',
    argv: ['-n', '--matrix', 'icmp,udp/53,tcp/22,tcp/443', 'TARGET'],
    shows: /^tcp\/22 /m,
    never: /^tcp\/\d+ +dropped/m,
  },
  {
    path: 'matrix-udp-beside-udp',
    dialect: 'traceroute',
    argv: ['-n', '--matrix', 'icmp,udp/123,udp', 'TARGET'],
    shows: /^udp +closed/m,
    never: /dropped/,
  },
  {
    path: 'mpls-length-17',
    dialect: 'traceroute',
    argv: ['-n', '--json', 'TARGET'],
    shows: /\b416240\b/,
  },
  {
    path: 'tcp-seq-rewritten',
    dialect: 'tcptraceroute',
    argv: ['-n', 'TARGET'],
    shows: /^ 3 {2}[\da-f]\S+ {2}\d[^]*^ 4 {2}[\da-f]\S+ {2}\d/m,
  },
  {
    path: 'unnamed-hops',
    dialect: 'traceroute',
    argv: ['TARGET'],
    shows: /^ 1 {2}(\S+) \(\1\) {2}\d/m,
  },
  {
    path: 'unnamed-hops',
    dialect: 'tcptraceroute',
    argv: ['TARGET'],
    shows: /^ 1 {2}\S+ {2}\d/m,
  },
];

/** Reads the path of a finding. */
export function pathOf({ path }: Finding): PathFormat {
  const file = new URL(`found/${path}.json`, import.meta.url);
  const content = JSON.parse(readFileSync(file, 'utf8')) as PathFormat | { topo: PathFormat }; // our own data
  return 'topo' in content ? content.topo : content;
}

/** Lists the command lines of a finding, one for each family. */
export function commandLines(finding: Finding): { readonly family: Family; readonly argv: string[] }[] {
  const { dst } = pathOf(finding);
  return (finding.families ?? [4, 6]).map((family) => {
    const target = family === 4 ? dst.addr : (dst.addr6 ?? dst.addr);
    return { family, argv: finding.argv.map((word) => (word === 'TARGET' ? target : word)) };
  });
}

/** Tells whether a run's output is right. */
export function isRight({ shows, never }: Finding, output: string): boolean {
  return (shows?.test(output) ?? true) && !(never?.test(output) ?? false);
}
