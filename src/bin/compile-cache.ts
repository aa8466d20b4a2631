/**
 * Writes V8's cache of the compiled commands for the Node that runs this: after a build, and after an installation.
 * A trace in memory has V8 compile what a trace runs.
 */
import { loadForCache, start } from './compiled.ts';
import { rehearse } from './rehearsal/rehearse.ts';

const script = loadForCache();
rehearse((require) => {
  start(script, require);
});
