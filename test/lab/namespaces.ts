/**
 * Network namespaces that never outlive their process. It removes them on exit and on signals. The next process that
 * makes any removes those that a killed one left behind.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingLabTools, packagesOf } from '../setup/tools.ts';
import { mustRun } from './command.ts';

/** Names are `pt-<pid>-<number>-<role>`, the pid of the process that made them. */
const PREFIX = 'pt';
const NAME = /^pt-(?<pid>\d+)-/;
/** `ip netns exec` takes a namespace's own /etc files from here. */
const CONFIGURATION = '/etc/netns';

let count = 0;
const owned = new Set<string>();

/** Says in one sentence what keeps the lab from running here; undefined when nothing does. */
export function labMissing(): string | undefined {
  if (process.platform !== 'linux') return 'the lab needs Linux network namespaces';
  if (process.getuid?.() !== 0) return 'the lab needs root to make network namespaces';
  const missing = missingLabTools();
  if (missing.length > 0) {
    const programs = missing.map(({ program }) => program).join(' and ');
    return `the lab needs ${programs} ("npm run setup" installs ${packagesOf(missing)})`;
  }
  return canMakeNamespaces();
}

function canMakeNamespaces(): string | undefined {
  let what = 'network namespace';
  let name: string | undefined;
  try {
    [name = ''] = createNamespaces(['probe']);
    what = 'VXLAN tunnel';
    mustRun('ip', ['-n', name, 'link', 'add', 'tun0', 'type', 'vxlan', 'id', '1', 'dstport', '4789']);
    return undefined;
  } catch (error) {
    return `the lab cannot make a ${what} here: ${error instanceof Error ? error.message.trim() : ''}`;
  } finally {
    if (name !== undefined) removeNamespace(name);
  }
}

/**
 * Makes a namespace for each role, with loopback up, and answers their names.
 * @throws Error when the system refuses
 */
export function createNamespaces(roles: readonly string[]): string[] {
  prepare();
  const group = `${PREFIX}-${process.pid}-${count++}`;
  return roles.map((role) => {
    const name = `${group}-${role}`;
    owned.add(name);
    mustRun('ip', ['netns', 'add', name]);
    mustRun('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
    return name;
  });
}

/** Ends what still runs in a namespace and removes it with its configuration. Does nothing when it is gone. */
export function removeNamespace(name: string): void {
  const { stdout } = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' });
  for (const pid of (stdout || '').split('\n').filter(Boolean)) killProcess(Number(pid));
  spawnSync('ip', ['netns', 'delete', name]);
  rmSync(join(CONFIGURATION, name), { recursive: true, force: true });
  owned.delete(name);
}

/** Gives a namespace its own /etc/`file`. */
export function configure(name: string, file: string, content: string): void {
  mkdirSync(join(CONFIGURATION, name), { recursive: true });
  writeFileSync(join(CONFIGURATION, name, file), content);
}

/** The names of all namespaces of labs, of whatever process. */
export function labNamespaces(): string[] {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  return (stdout || '')
    .split('\n')
    .map((line) => line.split(' ', 1)[0] ?? '')
    .filter((name) => NAME.test(name));
}

let isPrepared = false;

function prepare(): void {
  if (isPrepared) return;
  isPrepared = true;
  removeLeftovers();
  process.on('exit', removeOwned);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      removeOwned();
      process.kill(process.pid, signal);
    });
  }
}

function removeOwned(): void {
  for (const name of owned) removeNamespace(name);
}

/** Removes the namespaces, and the configuration of namespaces, whose process is gone. */
export function removeLeftovers(): void {
  for (const name of new Set([...labNamespaces(), ...configured()])) {
    const pid = Number(NAME.exec(name)?.groups?.['pid']);
    if (!isAlive(pid)) removeNamespace(name);
  }
}

function configured(): string[] {
  try {
    return readdirSync(CONFIGURATION).filter((name) => NAME.test(name));
  } catch {
    return []; // nobody has configured any
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}
