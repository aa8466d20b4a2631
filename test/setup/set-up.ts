/** Installs the tools that tests call, with apt-get. */
import { spawnSync } from 'node:child_process';
import { isInstalled, missingTools, packagesOf, type Place } from './tools.ts';

/** The machine that is set up. */
export interface Machine extends Place {
  /** May install. */
  readonly isRoot: boolean;
}

/**
 * Installs what is missing, where this is Debian or its like and this process may.
 * @param say - told in one line what is done, and what has to be done by hand
 * @returns whether nothing is missing any more
 */
export function setUp(say: (line: string) => void, { isRoot, ...place }: Machine): boolean {
  const missing = missingTools(place);
  if (missing.length === 0) {
    say('nothing is missing');
    return true;
  }
  const what = missing.map(({ program, purpose }) => `${program} (for ${purpose})`).join(', ');
  const packages = packagesOf(missing);
  if (!isRoot || !isInstalled('apt-get', place.path)) {
    say(`missing: ${what}. On Debian or Ubuntu, as root: apt-get install ${packages}`);
    return false;
  }
  say(`missing: ${what}. Installing with apt-get: ${packages}`);
  const failure = install(packages.split(' '), place.path);
  if (failure !== undefined) say(`cannot install: ${failure}`);
  return failure === undefined;
}

/** The reason why it failed; undefined when it did not. The lists of packages may be missing or old. */
function install(packages: readonly string[], path: string): string | undefined {
  const command = ['install', '--yes', '--no-install-recommends', ...packages];
  if (aptGet(command, path) === undefined) return undefined;
  return aptGet(['update'], path) ?? aptGet(command, path);
}

/** Its own last words when it fails. */
function aptGet(args: readonly string[], path: string): string | undefined {
  const { status, stderr, error } = spawnSync('apt-get', ['--quiet', ...args], {
    env: { ...process.env, PATH: path, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  });
  if (status === 0) return undefined;
  return error?.message ?? (stderr.trim().split('\n').at(-1) || `apt-get ended with status ${status}`);
}
