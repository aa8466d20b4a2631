/** All commands in one bundle. */
import { basename } from 'node:path';
import { main } from '../main.ts';
import { endProcess } from '../net/output.ts';
import { realWorld } from '../net/world.ts';

/** Runs the command of this process, the one that `file` is named after, to its end. */
export function runCommand(file: string): void {
  const [, script = file, ...argv] = process.argv;
  const name = basename(file, '.js') === 'tcptraceroute' ? 'tcptraceroute' : 'traceroute';
  void main(name, basename(script, '.js'), argv, realWorld()).then(endProcess);
}
