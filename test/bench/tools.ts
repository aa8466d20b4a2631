/** The programs that the benchmarks run: ours, and the peers that are installed. */
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A program to run. */
export interface Tool {
  readonly name: string;
  readonly command: string;
  /** Arguments before all others. */
  readonly first: readonly string[];
}

/** A program of somebody else. */
export interface Peer extends Tool {
  /** The Debian package that brings it. */
  readonly package: string;
}

function ours(name: string): Tool {
  const script = fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
  return { name: `polytrace ${name}`, command: process.execPath, first: [script] };
}

/** Our traceroute, as built. */
export const OURS = ours('traceroute');
/** Our tcptraceroute, as built. */
export const OUR_TCPTRACEROUTE = ours('tcptraceroute');

/** The Debian package of each peer, and where it puts the program. */
const PEERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  traceroute: ['traceroute', '/usr/bin/traceroute.db'],
  tcptraceroute: ['tcptraceroute', '/usr/bin/tcptraceroute.mt'],
  mtr: ['mtr-tiny', '/usr/bin/mtr'],
  scamper: ['scamper', '/usr/bin/scamper'],
};

/** Finds a peer by its name; undefined when it is not installed. */
export function peer(name: string): Peer | undefined {
  const [debianPackage, command = ''] = PEERS[name] ?? [''];
  return existsSync(command) ? { name, command, first: [], package: debianPackage } : undefined;
}

/** Tells of each peer, in a line, its version or that it is missing. */
export function peerLines(): string[] {
  return Object.entries(PEERS).map(([name, [debianPackage]]) => {
    if (!peer(name)) return `${name}: missing (apt-get install ${debianPackage})`;
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Version}', debianPackage], {
      encoding: 'utf8',
    });
    return `${name}: ${stdout || 'version unknown'}`;
  });
}
