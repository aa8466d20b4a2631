/** dist/commands.js, compiled: from V8's own cache where there is one for this very Node. */
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import type * as commands from './commands.ts';
import { evaluate, type Script as Commands } from './evaluate.ts';

const FOLDER = import.meta.dirname;

/** Another version of V8 would not take it. */
export const CACHE_FILE = `${FOLDER}/commands-${process.version}-${process.arch}.cache`;

/** The bundled commands as a script that evaluates to what evaluate.ts takes. */
export function compile(cachedData?: Buffer): Script {
  const filename = `${FOLDER}/commands.js`;
  return new Script(readFileSync(filename, 'utf8'), { filename, cachedData });
}

/** Runs the command that the file of dist/ is named after in which this is bundled. */
export function start(script: Script): void {
  const value = script.runInThisContext() as Commands<typeof commands>; // by build/parts.ts
  evaluate(value).runCommand(import.meta.filename);
}
