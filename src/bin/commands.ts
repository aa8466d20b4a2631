/** All commands: what is bundled. */
import { basename } from 'node:path';
import { main } from '../main.ts';
import { endProcess } from '../net/process/standard-streams.ts';
import { realWorld } from '../net/world.ts';

/** Runs the command of this process, the one that `file` is named after, to its end. */
export function runCommand(file: string): void {
  const [, script = file, ...argv] = process.argv;
  const name = basename(file, '.js') === 'tcptraceroute' ? 'tcptraceroute' : 'traceroute';
  const world = realWorld();
  void main(name, basename(script, '.js'), argv, world).then(endProcess, (error: unknown) => {
    // by itself Node would show the line of code too, which is the whole program
    world.stderr(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    endProcess(1);
  });
}
