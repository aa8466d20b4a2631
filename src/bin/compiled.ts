/** dist/commands.js, compiled: from V8's own cache where there is one for this very Node. */
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import type * as commands from './commands.ts';
import { evaluate, type Require, type Script as Commands } from './evaluate.ts';

const FOLDER = import.meta.dirname;

/** V8's cache of the commands. Another version of V8 would not take it. */
export const CACHE_FILE = `${FOLDER}/commands-${process.version}-${process.arch}.cache`;

/**
 * The bundled commands as a script that evaluates to what `evaluate` takes.
 * @param cachedData - V8 compiles by itself where it does not take them
 * @throws Error when the commands cannot be read
 */
export function compile(cachedData?: Buffer): Script {
  const filename = `${FOLDER}/commands.js`;
  return new Script(readFileSync(filename, 'utf8'), { filename, cachedData });
}

/** Runs the command that the file of dist/ is named after in which this is bundled. */
export function start(script: Script, requireModule: Require): void {
  const value = script.runInThisContext() as Commands<typeof commands>; // by build/parts.ts
  evaluate(value, requireModule).runCommand(import.meta.filename);
}
