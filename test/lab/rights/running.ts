/** A command that runs in a lab, seen from outside by /proc. proc(5) */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { ended, sees, type CommandResult } from '../command.ts';
import type { Lab } from '../lab.ts';
import { TRACEROUTE, type Way } from './start.ts';

/** Fields of /proc/PID/status; words are apart by one space. */
export type Status = Readonly<Record<string, string>>;

/** A command under way. */
export interface Running {
  /** Of Node itself, which sudo may have started. */
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it printed, once it has ended. */
  readonly result: Promise<CommandResult>;
}

/** Starts the command in a way, and waits until it has printed `text` on standard output. */
export async function startIn(lab: Lab, way: Way, args: readonly string[], text: string): Promise<Running> {
  const [program = '', ...words] = way.words;
  const child = lab.spawn(program, [...words, ...args], way.env ? { env: way.env } : {});
  const result = ended(child);
  const shown = await Promise.race([sees(child, 'stdout', text), result]);
  assert.ok(shown === undefined, `it ended before it had printed ${text}: ${shown?.stderr ?? ''}`);
  return { pid: pidOfNode(child.pid ?? NaN), child, result };
}

/** Of this process, or of a child of its own: sudo waits for the command. */
function pidOfNode(pid: number): number {
  const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  if (program.endsWith('node') && args.includes(TRACEROUTE)) return pid;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  assert.notEqual(children[0], '', `${program} is no command, and has started none`);
  return pidOfNode(Number(children[0]));
}

/** The status of the main thread, and of each of the others. */
export function threadsOf(pid: number): { main: Status; others: Status[] } {
  const threads = readdirSync(`/proc/${pid}/task`).map(Number);
  return {
    main: statusOf(pid, pid),
    others: threads.filter((thread) => thread !== pid).map((thread) => statusOf(pid, thread)),
  };
}

function statusOf(pid: number, thread: number): Status {
  const lines = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8').split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', value = ''] = line.split(':', 2);
      return [name, value.trim().replaceAll(/\s+/g, ' ')];
    }),
  );
}
