/** Files of names and numbers for tests to read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directory = mkdtempSync(join(tmpdir(), 'polytrace-'));
// not after(): it would be that of the first test file to load this one
process.on('exit', () => {
  rmSync(directory, { recursive: true });
});

/** The path of a new file with this text. */
export function fileOf(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** The path of no file. */
export const NO_FILE = '/nonexistent';
/** Names that every JavaScript object has, and that name no protocol or service. */
export const INHERITED = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
