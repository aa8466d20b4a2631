/** The program behind each command: a copy of it has the command's name. */
import { readFileSync } from 'node:fs';
import { CACHE_FILE, compile, start } from './compiled.ts';

function cached(): Buffer | undefined {
  try {
    return readFileSync(CACHE_FILE);
  } catch {
    return undefined; // never made, or by another Node
  }
}

start(compile(cached()), require);
