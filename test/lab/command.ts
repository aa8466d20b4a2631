/** Runs commands of the system to their end. */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';

/** How a command ended, and what it printed. */
export interface CommandResult {
  /** Exit status; null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes the environment of all lab commands: the C locale, and no extra certificates, which slow the start of Node 20. */
export function labEnvironment(): NodeJS.ProcessEnv {
  // an empty name of the coverage folder turns coverage off: commands without rights could not write there
  const env: NodeJS.ProcessEnv = { ...process.env, LC_ALL: 'C', NODE_V8_COVERAGE: '' };
  delete env['NODE_EXTRA_CA_CERTS'];
  return env;
}

/**
 * Runs a command and waits for it, with `input` on its standard input. Answers its standard output.
 * @throws Error with what it said when it cannot start, or its exit status is not 0
 */
export function mustRun(command: string, args: readonly string[], input = ''): string {
  const result = spawnSync(command, args, { input, encoding: 'utf8', env: labEnvironment() });
  if (result.error)
    throw new Error(`cannot run ${command}: ${result.error.message}`, { cause: result.error });
  if (result.status === 0) return result.stdout;
  throw new Error(
    `${[command, ...args].join(' ')}: ${result.stderr || `exit status ${result.status}`}\n${input}`,
  );
}

/** Waits until a child has ended. Answers what it printed. */
export async function ended(child: ChildProcess): Promise<CommandResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status, stdout, stderr });
    });
  });
}

/** Starts a command in a network namespace. Its standard input is empty unless `stdin` is `pipe`. */
export function spawnIn(
  namespace: string,
  command: string,
  args: readonly string[],
  { stdin = 'ignore', env }: SpawnOptions = {},
): ChildProcess {
  const child = spawn('ip', ['netns', 'exec', namespace, command, ...args], {
    stdio: [stdin, 'pipe', 'pipe'],
    env: { ...labEnvironment(), ...env },
  });
  // before others: a busy machine is not to look like a slow path
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_HIGH);
  return child;
}

/** How to start a command. */
export interface SpawnOptions {
  readonly stdin?: 'ignore' | 'pipe';
  /** Variables besides those of the lab. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Resolves when the child's output holds `text`. */
export async function sees(child: ChildProcess, stream: 'stdout' | 'stderr', text: string): Promise<void> {
  let output = '';
  while (!output.includes(text)) {
    const source = child[stream];
    assert.ok(source);
    const [chunk] = (await once(source, 'data')) as [Buffer | string]; // what 'data' gives
    output += String(chunk);
  }
}
