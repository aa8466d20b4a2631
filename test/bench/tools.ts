/** The programs that are measured: ours, and the peers that are installed. */
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Tool {
  readonly name: string;
  readonly command: string;
  /** Before all other arguments. */
  readonly first: readonly string[];
}

export interface Peer extends Tool {
  readonly package: string;
}

function ours(name: string): Tool {
  const script = fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
  return { name: `polytrace ${name}`, command: process.execPath, first: [script] };
}

export const OURS = ours('traceroute');
export const OUR_TCPTRACEROUTE = ours('tcptraceroute');

/** Where Debian has them. */
const PEERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  traceroute: ['traceroute', '/usr/bin/traceroute.db'],
  tcptraceroute: ['tcptraceroute', '/usr/bin/tcptraceroute.mt'],
  mtr: ['mtr-tiny', '/usr/bin/mtr'],
  scamper: ['scamper', '/usr/bin/scamper'],
};

/** A peer by its name; undefined when it is not installed. */
export function peer(name: string): Peer | undefined {
  const [debianPackage, command = ''] = PEERS[name] ?? [''];
  return existsSync(command) ? { name, command, first: [], package: debianPackage } : undefined;
}

/** One line each on every peer: its version, or that it is missing. */
export function peerLines(): string[] {
  return Object.entries(PEERS).map(([name, [debianPackage]]) => {
    if (!peer(name)) return `${name}: missing (apt-get install ${debianPackage})`;
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Version}', debianPackage], {
      encoding: 'utf8',
    });
    return `${name}: ${stdout || 'version unknown'}`;
  });
}
