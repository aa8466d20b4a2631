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
  it('shows each file of the shared process as a suite with its name, and those of other files not at all', () => {
    const env = { ...process.env };
    delete env['NODE_TEST_CONTEXT']; // the runner of the runner
    const argv = ['--import', 'tsx', 'test/run.ts', 'wire/bytes', 'wire/udp'];
    const { status, stdout } = spawnSync(process.execPath, argv, { cwd: ROOT, env, encoding: 'utf8' });
    const suites = stdout.split('\n').filter((line) => /^(not )?ok /.test(line));
    assert.deepEqual(suites, ['ok 1 - test/wire/bytes.test.ts', 'ok 2 - test/wire/udp.test.ts']);
    assert.equal(status, 0);
  });

  it('fails where no test file matches, as a word is misspelt then', () => {
    const argv = ['--import', 'tsx', 'test/run.ts', 'no-such-test'];
    const { status, stderr } = spawnSync(process.execPath, argv, { cwd: ROOT, encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /^no test file's path contains no-such-test\n$/);
  });
});
