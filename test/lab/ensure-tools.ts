/** Installs the programs that the lab and its tests call. */
import { spawnSync } from 'node:child_process';

/** Each program and the Debian package that has it. */
const PACKAGE_OF = { ip: 'iproute2', nft: 'nftables', tcpdump: 'tcpdump' } as const;

/**
 * Installs what is missing with apt-get, where that is there and this process may do so; elsewhere does nothing, and
 * labMissing tells what to do.
 * @param say - told what is about to be installed, and why it was not
 * @param env - where programs are looked for, and what apt-get runs in
 */
export function ensureTools(say: (line: string) => void, env: NodeJS.ProcessEnv = process.env): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  const packages = Object.entries(PACKAGE_OF).flatMap(([program, name]) =>
    exists(program, env) ? [] : [name],
  );
  if (packages.length === 0 || !exists('apt-get', env)) return;
  say(`installing ${packages.join(', ')} with apt-get, for the lab`);
  const install = ['install', '--yes', '--no-install-recommends', ...packages];
  if (aptGet(install, env) === undefined) return;
  // the lists of packages may be missing or old
  const failure = aptGet(['update'], env) ?? aptGet(install, env);
  if (failure !== undefined) say(`cannot install ${packages.join(', ')}: ${failure}`);
}

function exists(program: string, env: NodeJS.ProcessEnv): boolean {
  return spawnSync(program, ['--version'], { env }).error === undefined;
}

/** Why it failed, in its own last words; undefined when it did not. */
function aptGet(args: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  const result = spawnSync('apt-get', ['--quiet', ...args], {
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  });
  if (result.status === 0) return undefined;
  return result.stderr.trim().split('\n').at(-1) || `apt-get ended with status ${result.status}`;
}
