/** Covers the places of test files: each one mirrors a file, or says in its first line what it covers. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { testFiles } from '../support/test-files.ts';
import { documentText, ROOT } from './markdown.ts';

const tests = testFiles(ROOT, []);

/** True where `src/`, the top folder (for probes/) or `test/` (for what tests share) has the file that the path mirrors. */
function mirrors(path: string): boolean {
  const file = path.replace(/^test\//, '').replace(/\.test\.ts$/, '.ts');
  return ['src', '', 'test'].some((top) => existsSync(join(ROOT, top, file)));
}

describe('the test files', () => {
  it('mirror a file, or say in their first line what they cover', () => {
    assert.ok(tests.includes('test/wire/udp.test.ts'), 'they are found');
    const lost = tests.filter((path) => !mirrors(path) && !documentText(path).startsWith('/**'));
    assert.deepEqual(lost, [], `neither mirror a file nor say what they cover: ${lost.join(', ')}`);
  });
});
