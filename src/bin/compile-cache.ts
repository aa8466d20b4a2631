/**
 * Writes V8's cache of the compiled commands for the Node that runs this: after a build, and after an installation.
 * A trace in memory has V8 compile what a trace runs.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { CACHE_FILE, compile, start } from './compiled.ts';
import { rehearse } from './rehearsal/rehearse.ts';

const script = compile(false);
process.on('exit', () => {
  const unfinished = `${CACHE_FILE}.${process.pid}`;
  writeFileSync(unfinished, script.createCachedData());
  renameSync(unfinished, CACHE_FILE); // at once, for a command that starts meanwhile
});
rehearse((require) => {
  start(script, require);
});
