/** Compiles dist/commands.js, or takes it compiled from V8's cache, where there is one for this very Node. */
import { closeSync, openSync, readSync } from 'node:fs';
import { Script as Compiled } from 'node:vm';
import type * as program from './commands.ts';
import { evaluate, type Require, type Script } from './evaluate.ts';

const FOLDER = import.meta.dirname;

/** The file of V8's cache. V8 takes a cache of its own version alone, so each Node has its own file. */
export const CACHE_FILE = `${FOLDER}/commands-${process.version}-${process.arch}.cache`;

/** Octets that hold either file. */
const ROOM = 1 << 20;

/**
 * Compiles the bundled commands. The script's value is what `evaluate` takes.
 * @param usesCache - spares compiling, where there is a cache that V8 takes
 * @throws Error when dist/commands.js cannot be read
 */
export function compile(usesCache: boolean): Compiled {
  const filename = `${FOLDER}/commands.js`;
  const room = Buffer.allocUnsafeSlow(ROOM); // for both: the system needs time for memory that was never written
  const source = read(filename, room).toString('latin1'); // esbuild writes ASCII, and UTF-8 takes longer
  return new Compiled(source, { filename, cachedData: usesCache ? cacheIn(room) : undefined });
}

/** Undefined where nobody made one, or only another Node has one. */
function cacheIn(room: Buffer): Buffer | undefined {
  try {
    return read(CACHE_FILE, room);
  } catch {
    return undefined;
  }
}

/** Reads a file into `room`, from its start. @throws Error when it cannot be read, or is larger */
function read(file: string, room: Buffer): Buffer {
  const fd = openSync(file, 'r');
  try {
    let length = 0;
    for (let count = -1; count !== 0; length += count)
      count = readSync(fd, room, length, room.length - length, null);
    if (length === room.length) throw new Error(`${file} is larger than ${room.length} octets`);
    return room.subarray(0, length);
  } finally {
    closeSync(fd);
  }
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
