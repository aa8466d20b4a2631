/** Compiles dist/commands.js, or takes it compiled from V8's cache, where there is one for this very Node. */
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import type * as program from './commands.ts';
import { evaluate, type Require, type Script as Commands } from './evaluate.ts';

const FOLDER = import.meta.dirname;

/** The file of V8's cache. V8 takes a cache of its own version alone, so each Node has its own file. */
export const CACHE_FILE = `${FOLDER}/commands-${process.version}-${process.arch}.cache`;

/**
 * Compiles the bundled commands. The script's value is what `evaluate` takes.
 * @param cachedData - spares compiling; V8 compiles all the same when it refuses them
 * @throws Error when dist/commands.js cannot be read
 */
export function compile(cachedData?: Buffer): Script {
  const filename = `${FOLDER}/commands.js`;
  return new Script(readFileSync(filename, 'utf8'), { filename, cachedData });
}

/**
 * Runs the command that the running file of dist/ is named after.
 * @param requireModule - gives the commands packages, Node's modules and their own parts
 */
export function start(script: Script, requireModule: Require): void {
  const value = script.runInThisContext() as Commands<typeof program>; // by build/parts.ts
  const { commands, loadParts } = evaluate(value, requireModule);
  commands.runCommand(import.meta.filename, loadParts);
}
