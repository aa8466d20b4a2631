/** Which test files are run. Node 20 takes no globs. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The test files below `test/` whose path contains one of the words, all of them without any; in order.
 * @param root - the folder of the project
 */
export function testFiles(root: string, words: readonly string[]): string[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((file) => join('test', file))
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .sort();
}
