import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { testFiles } from './test-files.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('testFiles', () => {
  it('finds every test file without a word, and nothing else', () => {
    const files = testFiles(ROOT, []);
    assert.ok(files.length > 80);
    assert.deepEqual(
      files.filter((file) => !/^test\/.+\.test\.ts$/.test(file)),
      [],
    );
  });

  it('finds those whose path contains one of the words', () => {
    assert.deepEqual(testFiles(ROOT, ['support/test-files', 'test/package']), [
      'test/package.test.ts',
      'test/support/test-files.test.ts',
    ]);
  });
});

describe('the test runner', () => {
  it('fails where no test file matches, as a word is misspelt then', () => {
    const argv = ['--import', 'tsx', 'test/run.ts', 'no-such-test'];
    const { status, stderr } = spawnSync(process.execPath, argv, { cwd: ROOT, encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /^no test file's path contains no-such-test\n$/);
  });
});
