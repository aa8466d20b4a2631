/** The program that is bundled: all commands. */
import { basename } from 'node:path';
import { main } from '../main.ts';
import { printableLines } from '../model/printable.ts';
import { refusedStart } from '../net/process/debugger.ts';
import { endProcess } from '../net/process/standard-streams.ts';
import { realWorld } from '../net/world.ts';

/**
 * Runs a command with the arguments of this process, and ends the process as the command ends.
 * @param file - the launcher: its name without `.js` is the command's
 * @param loadParts - loads all parts of the program that are not loaded yet
 */
export function runCommand(file: string, loadParts: () => void): void {
  const [, script = file, ...argv] = process.argv;
  const name = basename(file, '.js') === 'tcptraceroute' ? 'tcptraceroute' : 'traceroute';
  const world = realWorld(loadParts);
  const refusal = refusedStart();
  if (refusal !== undefined) {
    world.stderr(`${name}: ${refusal}\n`);
    endProcess(1);
    return;
  }
  void main(name, basename(script, '.js'), argv, world).then(endProcess, (error: unknown) => {
    // Node itself would print the faulty line of code besides, and that line is the whole program
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    world.stderr(`${printableLines(text)}\n`);
    endProcess(1);
  });
}
