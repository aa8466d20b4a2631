/**
 * Test files in one process, one after the other: to start a process for each takes longer than most of them. They are those
 * whose path contains a word of TEST_WORDS, save those that have a process of their own.
 */
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isAlone } from './support/alone.ts';
import { testFiles } from './support/test-files.ts';

const ROOT = new URL('../', import.meta.url);
const words = process.env['TEST_WORDS']?.split(' ').filter(Boolean) ?? [];

for (const file of testFiles(fileURLToPath(ROOT), words)) {
  if (isAlone(file)) continue;
  // the suite bears the name of the file, and keeps the file's hooks to itself
  await describe(file, async () => {
    try {
      await import(new URL(file, ROOT).href);
    } catch (error) {
      it('is loaded', () => {
        throw error;
      });
    }
  });
}
