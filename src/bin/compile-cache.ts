/**
 * Writes V8's cache of the compiled commands for the Node that runs this: after a build, and after an installation.
 * A trace over loopback has it hold what a trace runs; where none is permitted, it holds less.
 */
import { openSync, writeFileSync } from 'node:fs';
import { CACHE_FILE, compile, start } from './compiled.ts';

const script = compile();
const cache = openSync(CACHE_FILE, 'w'); // the trace may give up the right to
process.on('exit', () => {
  writeFileSync(cache, script.createCachedData());
  process.exitCode = 0; // whatever came of the trace
});
process.argv.splice(1, Infinity, 'traceroute', '-n', '-m', '1', '-w', '1', '127.0.0.1');
start(script);
