/** Starts a command. dist/ has a copy of this file for each command, under the command's name. */
import { readFileSync } from 'node:fs';
import { CACHE_FILE, compile, start } from './compiled.ts';

function cached(): Buffer | undefined {
  try {
    return readFileSync(CACHE_FILE);
  } catch {
    return undefined; // nobody made one, or only another Node has one
  }
}

start(compile(cached()), require);
