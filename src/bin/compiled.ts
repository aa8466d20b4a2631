/** Compiles dist/commands.js, or takes it compiled from V8's cache, where there is one for this very Node. */
import { Script as Compiled } from 'node:vm';
import { readCache, readSource, writeCache } from './cache-file.ts';
import type * as program from './commands.ts';
import { evaluate, type Require, type Script } from './evaluate.ts';

const FOLDER = import.meta.dirname;
const SOURCE_FILE = `${FOLDER}/commands.js`;
/** V8 takes a cache of its own version alone, so each Node has its own file. */
const CACHE_FILE = `${FOLDER}/commands-${process.version}-${process.arch}.cache`;

/** Octets that hold the source, and its compiled form. */
const ROOM = 1 << 20;

/**
 * Compiles the bundled commands, unless they are in the cache. The script's value is what `evaluate` takes.
 * @throws Error when dist/commands.js cannot be read
 */
export function load(): Compiled {
  const room = Buffer.allocUnsafeSlow(ROOM); // for both: the system needs time for memory that was never written
  const source = readSource(SOURCE_FILE, room);
  const text = textOf(source.octets); // before the cache takes their room
  return compile(text, readCache(CACHE_FILE, source, room));
}

/**
 * Compiles the bundled commands. What has been compiled by the end of the process goes into the cache.
 * @throws Error when dist/commands.js cannot be read
 */
export function loadForCache(): Compiled {
  const source = readSource(SOURCE_FILE, Buffer.allocUnsafeSlow(ROOM));
  const script = compile(textOf(source.octets));
  const user = process.geteuid?.(); // the rehearsal will make believe that it is another
  process.on('exit', () => {
    writeCache(CACHE_FILE, source, script.createCachedData(), user);
  });
  return script;
}

/** esbuild writes ASCII, and UTF-8 takes longer. */
function textOf(octets: Buffer): string {
  return octets.toString('latin1');
}

/** @param cachedData - spares compiling; V8 compiles all the same when it refuses them */
function compile(source: string, cachedData?: Buffer): Compiled {
  return new Compiled(source, { filename: SOURCE_FILE, cachedData });
}

/**
 * Runs the command that the running file of dist/ is named after.
 * @param requireModule - gives the commands packages, Node's modules and their own parts
 */
export function start(script: Compiled, requireModule: Require): void {
  const value = script.runInThisContext() as Script<typeof program>; // by build/main-text.ts
  const { commands, loadParts } = evaluate(value, requireModule);
  commands.runCommand(import.meta.filename, loadParts);
}
