import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ALONE, isAlone } from './alone.ts';
import { testFiles } from './test-files.ts';

const files = testFiles(fileURLToPath(new URL('../../', import.meta.url)), []);

describe('the test files that have a process of their own', () => {
  for (const start of Object.keys(ALONE)) {
    it(`are there: ${start}`, () => {
      assert.ok(files.some((file) => file.startsWith(start)));
    });
  }

  it('are those of the lab, for one, and not those of a codec', () => {
    assert.ok(isAlone('test/lab/lab.test.ts'));
    assert.ok(!isAlone('test/wire/udp.test.ts'));
  });
});
