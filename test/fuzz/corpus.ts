/** The inputs that are kept: test/golden/fuzz/TARGET.hex, one a line, shortest first. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hexOf, octetsOfHex } from '../support/hex.ts';

const FOLDER = new URL('../golden/fuzz/', import.meta.url);
/** Octets. Larger ones are found again soon, by what they are grown from. */
const LONGEST_KEPT = 200;

/** The kept inputs of a target; none where there is no file. */
export function keptInputs(target: string): Uint8Array[] {
  const file = fileOf(target);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map(octetsOfHex);
}

/** Keeps more inputs of a target, without those that are too long to be read. */
export function keep(target: string, inputs: readonly Uint8Array[]): void {
  mkdirSync(FOLDER, { recursive: true });
  const short = inputs.filter(({ length }) => length <= LONGEST_KEPT);
  const lines = [...keptInputs(target), ...short].map(hexOf);
  const sorted = [...new Set(lines)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  writeFileSync(
    fileOf(target),
    [`# inputs of ${target} that each reach code of their own`, ...sorted, ''].join('\n'),
  );
}

function fileOf(target: string): string {
  return fileURLToPath(new URL(`${target}.hex`, FOLDER));
}
