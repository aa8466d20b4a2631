/** dist/commands.js, compiled: from V8's own cache where there is one for this very Node. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';
import type { runCommand } from './commands.ts';

const FOLDER = dirname(import.meta.filename);

/** Another version of V8 would not take it. */
export const CACHE_FILE = join(FOLDER, `commands-${process.version}-${process.arch}.cache`);

/** The bundled commands as a script that evaluates to a function of `require` and the file's name. */
export function compile(cachedData?: Buffer): Script {
  const filename = join(FOLDER, 'commands.js');
  return new Script(readFileSync(filename, 'latin1'), {
    filename,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

/** Runs the command that the file of dist/ is named after in which this is bundled. */
export function start(script: Script): void {
  const file = import.meta.filename;
  // what build.mjs makes of commands.ts
  const load = script.runInThisContext() as (
    require: NodeJS.Require,
    file: string,
  ) => { runCommand: typeof runCommand };
  load(createRequire(file), file).runCommand(file);
}
